"""The gradient reversal layer: the identity forward, ``-lambda`` times the gradient backward."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn
from torch._dynamo.testing import CompileCounterWithBackend
from torch.autograd import forward_ad, gradcheck, gradgradcheck
from torch.func import functional_call, grad, jacfwd, jacrev, jvp, vmap

from dann_core.reversal import GradientReversal, reverse_gradient

LAMBDAS = [0.0, 0.1, 1.0, 10.0]
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def numbers(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


def gradient_through(
    layer: Callable[[Tensor], Tensor], features: Tensor, incoming: Tensor
) -> Tensor:
    leaf = features.detach().requires_grad_()
    (found,) = torch.autograd.grad(layer(leaf), leaf, incoming)
    return found


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("as_tensor", [False, True], ids=["float", "tensor"])
@pytest.mark.parametrize("lambda_", LAMBDAS)
def test_identity_forward_and_minus_lambda_backward(
    lambda_: float, as_tensor: bool, dtype: torch.dtype
) -> None:
    features, incoming = numbers(200, dtype=dtype), numbers(200, dtype=dtype, seed=1)
    strength = torch.tensor(lambda_) if as_tensor else lambda_
    assert torch.equal(reverse_gradient(features, strength), features)

    found = gradient_through(lambda x: reverse_gradient(x, strength), features, incoming)

    assert found.dtype == dtype
    # A tensor holds lambda in float32; below that precision the product is rounded once, not twice.
    held = strength.double() if isinstance(strength, Tensor) else lambda_
    expected = (-held * incoming.double()).to(dtype)
    torch.testing.assert_close(found, expected, rtol=2e-7 if dtype == torch.float32 else 0, atol=0)


def test_a_half_precision_gradient_does_not_round_lambda() -> None:
    # In bfloat16 1.003 is 1: the gradient would come back merely negated.
    incoming = numbers(5000, dtype=torch.bfloat16, seed=1)
    found = gradient_through(lambda x: reverse_gradient(x, 1.003), incoming, incoming)
    assert not torch.equal(found, -incoming)


@pytest.mark.parametrize("lambda_", LAMBDAS)
def test_gradcheck_against_minus_lambda(lambda_: float) -> None:
    """``f(R(x))`` has the derivative of ``-lambda f(x)``, by finite differences.

    gradcheck compares gradients with differences of the *forward* pass, so this function's forward
    pass is ``-lambda x``, and its gradient comes through the reversal layer alone.
    """

    class Shown(torch.autograd.Function):
        """Forward ``-lambda x``; backward whatever the reversal layer does."""

        @staticmethod
        def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor) -> Tensor:
            return -lambda_ * x

        @staticmethod
        def backward(ctx: torch.autograd.function.FunctionCtx, *incoming: Tensor) -> Tensor:
            with torch.enable_grad():
                leaf = torch.zeros_like(incoming[0]).requires_grad_()
                (found,) = torch.autograd.grad(
                    reverse_gradient(leaf, lambda_), leaf, incoming[0], create_graph=True
                )
            return found

    x = numbers(3, 4).requires_grad_()
    assert gradcheck(Shown.apply, (x,))
    assert gradcheck(lambda x: Shown.apply(x).sin(), (x,))


@pytest.mark.parametrize("lambda_", [0.1, 1.0, 10.0])
def test_gradient_equals_a_finite_difference_of_minus_lambda_f(lambda_: float) -> None:
    x = numbers(6)

    def f(x: Tensor) -> Tensor:
        return (x.sin() * x.exp()).sum()

    leaf = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(f(reverse_gradient(leaf, lambda_)), leaf)
    for i in range(len(x)):
        e = torch.zeros_like(x)
        e[i] = 1e-6
        difference = (f(x + e) - f(x - e)) / 2e-6
        assert found[i].item() == pytest.approx(-lambda_ * difference.item(), rel=1e-7)


def test_double_backward() -> None:
    lambda_ = 0.7
    x = numbers(5).requires_grad_()
    (first,) = torch.autograd.grad((reverse_gradient(x, lambda_) ** 3).sum(), x, create_graph=True)
    torch.testing.assert_close(first, -lambda_ * 3 * x**2)
    # The 3 y^2 inside depends on y = R(x), whose own gradient is reversed again: (-lambda)^2.
    (second,) = torch.autograd.grad(first.sum(), x)
    torch.testing.assert_close(second, lambda_**2 * 6 * x)
    # Linear in the incoming gradient, whose derivative is -lambda: no reversal is lost on the way.
    incoming = numbers(5, seed=1).requires_grad_()
    assert gradgradcheck(
        lambda x: reverse_gradient(x, lambda_), (x,), (incoming,), check_batched_grad=False
    )


def test_a_float_is_taken_by_value_at_the_forward_pass() -> None:
    layer = GradientReversal(0.5)
    x = numbers(4).requires_grad_()
    y = layer(x)
    layer.lambda_ = 100.0
    (found,) = torch.autograd.grad(y.sum(), x)
    assert torch.equal(found, torch.full_like(x, -0.5))
    (found,) = torch.autograd.grad(layer(x).sum(), x)
    assert torch.equal(found, torch.full_like(x, -100.0))


def test_a_tensor_is_taken_by_value_at_the_forward_pass() -> None:
    strength = torch.tensor(0.5, dtype=torch.float64)
    x = numbers(4).requires_grad_()
    y = reverse_gradient(x, strength)
    strength.fill_(100.0)
    (found,) = torch.autograd.grad(y.sum(), x)
    assert torch.equal(found, torch.full_like(x, -0.5))


def test_lambda_itself_gets_no_gradient() -> None:
    strength = torch.tensor(0.5, requires_grad=True)
    x = numbers(4).requires_grad_()
    reverse_gradient(x, strength).sum().backward()
    assert x.grad is not None
    assert strength.grad is None


@pytest.mark.parametrize("which", ["features", "reversed"])
def test_an_in_place_change_cannot_lose_the_reversal(which: str) -> None:
    """Such as ReLU(inplace=True) behind the layer: of a view, autograd would drop the backward."""
    x = numbers(4).requires_grad_()
    features = x * 1
    tensors = {"features": features, "reversed": reverse_gradient(features, 0.5)}
    tensors[which].add_(1)
    tensors["reversed"].sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, torch.full_like(x, -0.5))


@pytest.mark.parametrize("lambda_", [-1.0, -1e-9, math.nan, math.inf, -math.inf])
def test_a_lambda_that_makes_no_sense_is_refused(lambda_: float) -> None:
    with pytest.raises(ValueError, match=r"lambda_=.*finite number of at least 0"):
        reverse_gradient(numbers(3), lambda_)
    with pytest.raises(ValueError, match="lambda_="):
        GradientReversal(lambda_)(numbers(3))


@pytest.mark.parametrize("shape", [(1,), (3,), (4, 1)])
def test_a_lambda_for_each_feature_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"lambda_ has shape \[.*no dimensions"):
        reverse_gradient(numbers(4, 3), torch.ones(shape))


def test_an_empty_batch_passes_there_and_back() -> None:
    x = torch.zeros(0, 5, requires_grad=True)
    reverse_gradient(x, 0.5).sum().backward()
    assert x.grad is not None
    assert x.grad.shape == (0, 5)


@pytest.mark.parametrize("lambda_", [0.3, torch.tensor(0.3)], ids=["float", "tensor"])
def test_a_copy_of_the_layer_has_a_lambda_of_its_own(lambda_: float | Tensor) -> None:
    layer = GradientReversal(lambda_)
    copied = copy.deepcopy(layer)
    layer.lambda_ = 9.0
    if isinstance(lambda_, Tensor):
        lambda_.fill_(9.0)
    incoming = numbers(4)
    torch.testing.assert_close(gradient_through(copied, incoming, incoming), -0.3 * incoming)


def test_module_and_function_agree_in_a_sequential() -> None:
    torch.manual_seed(0)
    head = nn.Linear(6, 2).double()
    x, incoming = numbers(3, 6), numbers(3, 2, seed=1)
    by_module = gradient_through(nn.Sequential(GradientReversal(0.3), head), x, incoming)
    by_function = gradient_through(lambda x: head(reverse_gradient(x, 0.3)), x, incoming)
    assert torch.equal(by_module, by_function)
    torch.testing.assert_close(by_module, -0.3 * gradient_through(head, x, incoming))
    assert "lambda_=0.3" in repr(GradientReversal(0.3))
    assert not GradientReversal().state_dict(), "the layer has nothing to learn or to save"


def test_the_head_behind_the_layer_learns_at_full_strength() -> None:
    torch.manual_seed(0)
    head = nn.Linear(6, 2).double()
    x = numbers(3, 6).requires_grad_()
    gradients = []
    for lambda_ in (0.0, 0.1, 10.0):
        head.zero_grad()
        head(reverse_gradient(x, lambda_)).square().sum().backward()
        assert head.weight.grad is not None
        gradients.append(head.weight.grad.clone())
    assert gradients[0].abs().sum() > 0
    assert torch.equal(gradients[0], gradients[1])
    assert torch.equal(gradients[0], gradients[2])


def test_under_autocast() -> None:
    """bfloat16 features: the gradient is the exact ``-lambda g``, rounded once to bfloat16."""
    torch.manual_seed(0)
    extractor, head = nn.Linear(6, 50), nn.Linear(50, 2)
    x, lambda_ = numbers(8, 6, dtype=torch.float32), 1.003
    with torch.autocast("cpu", torch.bfloat16):
        features = extractor(x)
        assert features.dtype == torch.bfloat16
        reversed_ = reverse_gradient(features, lambda_)
        assert reversed_.dtype == torch.bfloat16
        for seen in (features, reversed_):
            seen.retain_grad()
        loss = head(reversed_).float().square().sum()
    loss.backward()
    assert features.grad is not None
    assert reversed_.grad is not None
    assert torch.equal(features.grad, (-lambda_ * reversed_.grad.double()).to(torch.bfloat16))
    assert not torch.equal(features.grad, -reversed_.grad)


def cubes(x: Tensor, lambda_: float | Tensor = 0.7) -> Tensor:
    return (reverse_gradient(x, lambda_) ** 3).sum()


def test_vmap_gives_each_example_its_gradient_and_each_lambda_its_own() -> None:
    x, lambdas = numbers(4, 3), numbers(4).abs()
    torch.testing.assert_close(vmap(grad(cubes))(x), -0.7 * 3 * x**2)
    each = vmap(grad(cubes))(x, lambdas)
    torch.testing.assert_close(each, -lambdas[:, None] * 3 * x**2)
    one_point = vmap(grad(cubes), in_dims=(None, 0))(x[0], lambdas)
    torch.testing.assert_close(one_point, -lambdas[:, None] * 3 * x[0] ** 2)


def test_gradients_of_each_example_add_up_to_those_of_the_batch() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 3), GradientReversal(0.3), nn.Linear(3, 2)).double()
    weights, x = dict(network.named_parameters()), numbers(5, 4)

    def loss(weights: dict[str, Tensor], x: Tensor) -> Tensor:
        return functional_call(network, weights, (x,)).square().sum()

    each = vmap(grad(loss), in_dims=(None, 0))(weights, x)
    network(x).square().sum().backward()
    for name, weight in weights.items():
        torch.testing.assert_close(each[name].sum(0), weight.grad)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_forward_mode_has_the_derivative_of_backward_mode(dtype: torch.dtype) -> None:
    x, tangent = numbers(50, dtype=dtype), numbers(50, dtype=dtype, seed=1)
    expected = (-0.7 * tangent.double()).to(dtype)
    tight = {"rtol": 2e-7 if dtype == torch.float32 else 0, "atol": 0}

    same, found = jvp(lambda x: reverse_gradient(x, 0.7), (x,), (tangent,))
    assert torch.equal(same, x)
    torch.testing.assert_close(found, expected, **tight)
    with forward_ad.dual_level():
        dual = reverse_gradient(forward_ad.make_dual(x, tangent), 0.7)
        torch.testing.assert_close(forward_ad.unpack_dual(dual).tangent, expected, **tight)
    torch.testing.assert_close(
        gradient_through(lambda x: reverse_gradient(x, 0.7), x, tangent), found
    )


def test_second_derivatives_agree_whichever_mode_comes_first() -> None:
    x = numbers(5)
    expected = torch.diag(0.7**2 * 6 * x)  # as in test_double_backward
    for outer in (jacfwd, jacrev):
        torch.testing.assert_close(outer(jacrev(cubes))(x), expected)


@pytest.fixture
def fresh_compiler() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.usefixtures("fresh_compiler")
def test_compiled_gives_the_same_gradient_and_a_changing_lambda_recompiles_nothing() -> None:
    counter = CompileCounterWithBackend("aot_eager")
    compiled = torch.compile(reverse_gradient, fullgraph=True, backend=counter)
    x, incoming = numbers(5, dtype=torch.float32), numbers(5, dtype=torch.float32, seed=1)
    for lambda_ in (0.0, 0.1, 1.0, 10.0):
        strength = torch.tensor(lambda_)
        found = gradient_through(lambda x: compiled(x, strength), x, incoming)  # noqa: B023
        assert torch.equal(found, -strength * incoming)
    assert counter.frame_count == 1


@pytest.mark.usefixtures("fresh_compiler")
def test_compiled_a_change_after_the_forward_pass_alters_no_pending_gradient() -> None:
    """The compiler may leave out the layer's copy of lambda; autograd then refuses the gradient."""
    compiled = torch.compile(reverse_gradient, fullgraph=True, backend="aot_eager")
    leaf = numbers(5).requires_grad_()
    strength = torch.tensor(0.5)
    y = compiled(leaf, strength)
    strength.fill_(100.0)
    try:
        (found,) = torch.autograd.grad(y.sum(), leaf)
    except RuntimeError as error:
        assert "modified by an inplace operation" in str(error)  # noqa: PT017
    else:
        assert torch.equal(found, torch.full_like(leaf, -0.5))


@pytest.mark.usefixtures("fresh_compiler")
def test_a_compiled_network_trains_with_the_reversal_inside() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 3), GradientReversal(0.3), nn.Linear(3, 2))
    x = numbers(5, 4, dtype=torch.float32)

    def gradients(model: Callable[[Tensor], Tensor]) -> list[Tensor]:
        network.zero_grad()
        model(x).square().sum().backward()
        return [p.grad.clone() for p in network.parameters() if p.grad is not None]

    plain = gradients(network)
    compiled = gradients(torch.compile(network, fullgraph=True, backend="aot_eager"))
    assert len(plain) == 4
    for there, here in zip(plain, compiled, strict=True):
        torch.testing.assert_close(there, here)


@pytest.mark.usefixtures("fresh_compiler")
@pytest.mark.parametrize(
    "transformed",
    [
        pytest.param(lambda x: vmap(cubes)(x), id="vmap"),
        pytest.param(lambda x: vmap(grad(cubes))(x), id="vmap of grad"),
        pytest.param(lambda x: jvp(cubes, (x,), (x,))[1], id="jvp"),
        pytest.param(lambda x: jacfwd(cubes)(x), id="jacfwd"),
    ],
)
def test_compiled_transforms_cannot_lose_the_reversal(
    transformed: Callable[[Tensor], Tensor],
) -> None:
    """PyTorch's compiler passes over a custom layer inside them (pytorch#192985)."""
    x, found = numbers(4, 3, dtype=torch.float32), []
    for form in (transformed, torch.compile(transformed, backend="aot_eager")):
        leaf = x.clone().requires_grad_()
        value = form(leaf)
        found.append((value.detach(), *torch.autograd.grad(value.sum(), leaf)))
    torch.testing.assert_close(found[0], found[1])


@pytest.mark.gpu
def test_on_a_gpu_neither_form_of_lambda_synchronises() -> None:
    x = torch.randn(64, 2352, device="cuda", requires_grad=True)
    strength = torch.zeros((), device="cuda")
    incoming = torch.randn(64, 2352, device="cuda")
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        for lambda_ in LAMBDAS:
            strength.fill_(lambda_)
            for form in (lambda_, strength):
                (found,) = torch.autograd.grad(reverse_gradient(x, form), x, incoming)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert torch.equal(found, -LAMBDAS[-1] * incoming)


@pytest.mark.gpu
@pytest.mark.usefixtures("fresh_compiler")
def test_on_a_gpu_a_changing_lambda_recompiles_nothing() -> None:
    counter = CompileCounterWithBackend("inductor")
    compiled = torch.compile(reverse_gradient, fullgraph=True, backend=counter)
    x = torch.randn(64, 2352, device="cuda", requires_grad=True)
    for lambda_ in LAMBDAS:
        strength = torch.full((), lambda_, device="cuda")
        (found,) = torch.autograd.grad(compiled(x, strength).sum(), x)
        torch.testing.assert_close(found, torch.full_like(x, -lambda_))
    assert counter.frame_count == 1


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_on_a_gpu_half_precision_does_not_round_lambda(dtype: torch.dtype) -> None:
    x = numbers(5000, dtype=dtype).cuda().requires_grad_()
    incoming = numbers(5000, dtype=dtype, seed=1).cuda()
    strength = torch.tensor(1.003, device="cuda")
    (found,) = torch.autograd.grad(reverse_gradient(x, strength), x, incoming)
    assert torch.equal(found, (-strength.double() * incoming.double()).to(dtype))
