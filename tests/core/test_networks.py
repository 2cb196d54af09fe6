"""Feature extractors: the built-in ones, which is chosen, and networks of one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import tiny_pair
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.domains import DomainPair
from dann_core.errors import RecipeError
from dann_core.history import StepRecord
from dann_core.inputs import PIXELS, Inputs
from dann_core.model import DANN, DomainClassifier, LabelPredictor, build_model
from dann_core.networks import NETWORKS, ResidualBlock, fitted, network_named
from dann_core.recipe import Recipe, preset
from dann_core.trained import load_trained
from dann_core.training import Trainer

ROWS = Inputs("table", (5,), (0.0,) * 5, (1.0,) * 5)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def pair() -> DomainPair:
    return tiny_pair()


def pictures(height: int, width: int) -> Inputs:
    return Inputs("images", (height, width, 3), (120.0,) * 3, (255.0,) * 3)


def own_pair(*shape: int) -> DomainPair:
    """Of images [H, W, 3] or rows [d], with two classes."""
    random = np.random.default_rng(0)
    source, target = (
        random.normal(size=(40, *shape))
        if len(shape) == 1
        else random.integers(0, 256, (40, *shape), np.uint8)
        for _ in range(2)
    )
    return DomainPair.from_arrays((source, ["cat", "dog"] * 20), target)


def small(name: str = "own", **changes: Any) -> Recipe:
    return preset(name, **{"batch_size": 8, "steps": 6, **changes})


def rows_of(trainer: Trainer, steps: int) -> list[StepRecord]:
    return [next(trainer) for _ in range(steps)]


# The built-in ones


@pytest.mark.parametrize("size", [(16, 16), (32, 32), (33, 47), (96, 64)])
@pytest.mark.parametrize("options", ["seed", "quick"])
def test_the_residual_network_makes_128_features_of_pictures_of_any_size(
    size: tuple[int, int], options: str
) -> None:
    inputs = pictures(*size)
    model = build_model(preset(options, network="residual"), inputs, 3).eval()
    features = model.feature_extractor(torch.rand(5, 3, *size))
    assert features.shape == (5, 128)
    assert (features >= 0).all(), "they come out of a ReLU"
    labels, domains = model(torch.rand(5, 3, *size))
    assert (labels.shape, domains.shape) == ((5, 3), (5, 2))


def test_a_residual_block_adds_two_convolutions_to_a_shortcut() -> None:
    block = ResidualBlock(Recipe(), 4, 8).double()
    x = torch.rand(3, 4, 12, 10, dtype=torch.float64) - 0.5
    y = F.relu(F.conv2d(x, block.conv1.weight, block.conv1.bias, stride=2, padding=1))
    y = F.conv2d(y, block.conv2.weight, block.conv2.bias, padding=1)
    beside = F.conv2d(x, block.shortcut.weight, block.shortcut.bias, stride=2)
    assert block(x).shape == (3, 8, 6, 5)
    torch.testing.assert_close(block(x), F.relu(y + beside))


def test_the_network_of_tables_is_two_hidden_layers() -> None:
    extractor = network_named("mlp")(Recipe(network="mlp"), ROWS).double().eval()
    x = torch.rand(4, 5, dtype=torch.float64)
    one, two = extractor.linear1, extractor.linear2
    y = F.relu(F.linear(F.relu(F.linear(x, one.weight, one.bias)), two.weight, two.bias))
    assert y.shape == (4, 64)
    torch.testing.assert_close(extractor(x), y)


def test_dropout_in_the_network_of_tables_is_of_single_features() -> None:
    extractor = network_named("mlp")(Recipe(network="mlp", dropout=0.5), ROWS).train()
    zeroed = extractor(torch.rand(200, 5)) == 0
    assert (zeroed.float().mean(dim=0) > 0.3).all(), "each in about half of the rows"
    assert len(zeroed.unique(dim=0)) > 150, "other ones in each row"


@pytest.mark.parametrize(
    ("inputs", "name"),
    [
        (PIXELS, "tutorial"),
        (pictures(31, 200), "tutorial"),
        (pictures(32, 32), "residual"),
        (pictures(64, 48), "residual"),
        (ROWS, "mlp"),
    ],
    ids=str,
)
def test_auto_is_what_fits_the_data_and_is_named(inputs: Inputs, name: str) -> None:
    recipe = fitted(preset("own"), inputs)
    assert recipe.network == name
    assert recipe.instance_norm == (name != "mlp")
    assert recipe.preset == "own"
    assert build_model(recipe, inputs, 3).label_predictor[-1].out_features == 3


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_that_was_asked_for_is_not_changed(name: str) -> None:
    recipe = preset("own", network=name)
    assert fitted(recipe, ROWS) is recipe
    assert fitted(recipe, pictures(64, 64)) is recipe


@pytest.mark.parametrize(
    ("shape", "name"), [((5,), "mlp"), ((20, 28, 3), "tutorial"), ((40, 36, 3), "residual")]
)
def test_a_run_on_data_of_ones_own_names_the_network_that_it_has(
    shape: tuple[int, ...], name: str
) -> None:
    trainer = Trainer(own_pair(*shape), small(), device="cpu")
    assert trainer.recipe.network == name
    assert trainer.state_dict()["recipe"]["network"] == name
    assert next(trainer).step == 1
    assert trainer.model.label_predictor[-1].out_features == 2


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("tutorial", ROWS, r'"tutorial" reads images, and this pair has rows of 5 .*"mlp", or'),
        ("residual", ROWS, r'"residual" reads images, and this pair has rows of 5 numbers'),
        ("mlp", PIXELS, r'"mlp" reads rows of numbers, and this pair has images of 28x28 pixels'),
        ("residual", pictures(15, 64), r"at least 16x16 pixels, and .* 64x15 pixels\. Read them"),
        ("deep", pictures(3, 3), r"at least 4x4 pixels, and this pair has images of 3x3"),
    ],
)
def test_a_network_that_does_not_fit_the_data_says_what_does(
    name: str, inputs: Inputs, said: str
) -> None:
    with pytest.raises(RecipeError, match=said):
        build_model(Recipe(network=name), inputs)


@pytest.mark.parametrize("option", ["instance_norm", "contrast_inversion", "separate_statistics"])
def test_what_only_images_have_is_refused_for_tables(option: str) -> None:
    recipe = Recipe(network="mlp", batch_norm=True, **{option: True})  # type: ignore[arg-type]
    with pytest.raises(RecipeError, match=f"^{option}=True: .* Leave it out"):
        build_model(recipe, ROWS)


# One's own


def flat(recipe: Recipe, inputs: Inputs) -> nn.Module:
    """Any module from a batch to [B, F] will do."""
    d = inputs.zeros(1).numel()
    return nn.Sequential(nn.Flatten(), nn.Linear(d, 7), nn.ReLU())


def dropping(recipe: Recipe, inputs: Inputs) -> nn.Module:
    """With PyTorch's own dropout, which draws from the random numbers of the whole process."""
    return nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(28 * 28 * 3, 16), nn.ReLU())


def test_a_function_is_a_network_and_its_name_is_in_the_recipe(pair: DomainPair) -> None:
    trainer = Trainer(pair, small(), device="cpu", network=flat)
    assert trainer.recipe.network == f"{__name__}:flat"
    shapes = [p.shape for p in trainer.model.label_predictor.parameters()]
    assert (shapes[0], shapes[-1]) == ((100, 7), (10,))
    assert next(trainer.model.domain_classifier.parameters()).shape[1] == 7
    assert len(rows_of(trainer, 3)) == 3


def test_the_same_recipe_gives_the_same_weights_whatever_was_drawn_before() -> None:
    torch.manual_seed(1)
    one = build_model(small(), PIXELS, 4, flat).state_dict()
    torch.rand(100)
    before = torch.random.get_rng_state()
    other = build_model(small(), PIXELS, 4, flat).state_dict()
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    another = build_model(small(seed=1), PIXELS, 4, flat).state_dict()
    assert not torch.equal(one["feature_extractor.1.weight"], another["feature_extractor.1.weight"])


class Written:
    """Writes modules into a folder in which Python looks."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch):
        self.folder, self.patch = folder, patch
        patch.syspath_prepend(folder)

    def __call__(self, name: str, code: str) -> Path:
        self.patch.delitem(sys.modules, name, raising=False)
        path = self.folder / f"{name}.py"
        path.write_text(code, encoding="utf-8")
        return path


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    folder = tmp_path / "modules"
    folder.mkdir()
    return Written(folder, monkeypatch)


MINE = """
from torch import nn

def flat(recipe, inputs):
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28 * 3, 9), nn.Dropout(0.2), nn.Tanh())

def nothing(recipe, inputs):
    return None

def broken(recipe, inputs):
    raise KeyError("no such\\nweights")

number = 3
"""


def test_a_module_and_a_function_are_a_network(
    written: Written, pair: DomainPair, tmp_path: Path
) -> None:
    written("written_mine", MINE)
    recipe = small(network="written_mine:flat")
    trainer = Trainer(pair, recipe, device="cpu")
    rows_of(trainer, 2)
    trainer.save(tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    assert resumed.recipe == trainer.recipe == recipe
    assert rows_of(resumed, 3) == rows_of(trainer, 3)
    images = pair.target.test.images
    expected = Trainer.resume(tmp_path / "run.pt", pair, device="cpu").model.eval()
    found = load_trained(tmp_path / "run.pt").predict(images)
    assert torch.equal(found.labels, expected(pair.prepare(images))[0].argmax(dim=1))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("written_nowhere:net", r"needs the module 'written_nowhere', which is not here\. Start "),
        ("written_mine:flt", r"the module 'written_mine' has no function 'flt'\. Define it"),
        ("written_mine:number", r"the module 'written_mine' has no function 'number'"),
        ("written_mine:nothing", r"'written_mine:nothing' gave NoneType, where a torch\.nn\.Modul"),
        ("written_mine:broken", r"'written_mine:broken' failed: KeyError: .*no such.* line 11 of "),
        ("written_typo:net", r"'written_typo:net' failed: SyntaxError: .*line 1"),
        ("wanting_more_net:net", r"'wanting_more_net:net' needs the module 'wanting_more'"),
        (".written_mine:flat", r"'\.written_mine:flat' failed: TypeError"),
    ],
)
def test_a_network_that_is_not_there_or_broken_is_named_in_a_sentence(
    name: str, said: str, written: Written, pair: DomainPair
) -> None:
    written("written_mine", MINE)
    written("written_typo", "def net(recipe, inputs: return 3\n")
    written("wanting_more_net", "import wanting_more\n")
    with pytest.raises(RecipeError, match=said) as refused:
        Trainer(pair, small(network=name), device="cpu")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "resnet", ":net", "mine:", 3, None])
def test_what_is_no_name_of_a_network_is_refused_by_the_recipe(name: Any) -> None:
    with pytest.raises(RecipeError, match=r"^network=.*one of auto, .* or module:function"):
        Recipe(network=name)


@pytest.mark.parametrize("network", ["mlp", 3, nn.Flatten()])
def test_what_is_no_function_is_no_network(network: Any, pair: DomainPair) -> None:
    with pytest.raises(RecipeError):
        Trainer(pair, small(), device="cpu", network=network)


def convolution(recipe: Recipe, inputs: Inputs) -> nn.Module:
    return nn.Conv2d(3, 4, 3)


def too_wide(recipe: Recipe, inputs: Inputs) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(999, 4))


def two_things(recipe: Recipe, inputs: Inputs) -> nn.Module:
    class Two(nn.Module):
        def forward(self, x: Tensor) -> Any:
            return x, x

    return Two()


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (
            convolution,
            r"Conv2d makes \[2, 4, 26, 26\] of a batch of 2, .* \[2, F\] is needed\.",
        ),
        (two_things, r"Two makes tuple of a batch of 2, where a tensor \[2, F\] is needed"),
        (too_wide, r"does not take a batch \[2, 3, 28, 28\] \(images of 28x28 pixels\): "),
    ],
)
def test_an_extractor_that_makes_no_features_says_what_it_makes(
    network: Any, said: str, pair: DomainPair
) -> None:
    with pytest.raises(RecipeError, match=said) as refused:
        Trainer(pair, small(), device="cpu", network=network)
    assert "\n" not in str(refused.value)


# By composition


def composed(classes: int, domains: int = 2, features: int = 7) -> Callable[..., DANN]:
    def make(recipe: Recipe, inputs: Inputs) -> DANN:
        return DANN(flat(recipe, inputs), nn.Linear(features, classes), nn.Linear(7, domains))

    return make


def test_a_network_is_three_modules() -> None:
    model = DANN(flat(Recipe(), PIXELS), LabelPredictor(4, 7), DomainClassifier(12, 7))
    x = torch.rand(5, 3, 28, 28)
    labels, domains = model(x, 0.5)
    assert torch.equal(labels, model.label_predictor(model.feature_extractor(x)))
    assert torch.equal(domains, model.domain_classifier(model.feature_extractor(x)))
    slopes = []
    for lambda_ in (1.0, 0.25):
        model.zero_grad()
        model(x, lambda_)[1].square().sum().backward()
        grad = model.feature_extractor[1].weight.grad  # type: ignore[union-attr, index]
        assert isinstance(grad, Tensor)
        slopes.append(grad.clone())
    assert slopes[0].abs().max() > 0
    torch.testing.assert_close(slopes[1], slopes[0] / 4)


@pytest.mark.parametrize("place", range(3))
def test_a_part_that_is_no_module_is_named(place: int) -> None:
    parts: list[Any] = [nn.Flatten(), nn.Linear(2, 2), nn.Linear(2, 2)]
    parts[place] = Recipe()
    name = ("feature_extractor", "label_predictor", "domain_classifier")[place]
    with pytest.raises(TypeError, match=f"^{name} is Recipe.* a Module is needed"):
        DANN(*parts)


def test_a_whole_network_trains_and_keeps_its_own_heads(pair: DomainPair) -> None:
    trainer = Trainer(pair, small("seed"), device="cpu", network=composed(10))
    assert isinstance(trainer.model.label_predictor, nn.Linear)
    before = trainer.model.label_predictor.weight.clone()
    rows_of(trainer, 2)
    assert not torch.equal(trainer.model.label_predictor.weight, before)


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (composed(9), r"label predictor makes \[2, 9\] .* \[2, 10\] is needed"),
        (composed(11), r"label predictor makes \[2, 11\] .* \[2, 10\] is needed"),
        (composed(10, 1), r"domain classifier makes \[2, 1\] .* \[2, 2\] is needed"),
        (composed(10, 2, features=6), r"label predictor does not take features \[2, 7\]"),
    ],
)
def test_heads_that_do_not_fit_are_refused_before_the_first_step(
    network: Any, said: str, pair: DomainPair
) -> None:
    with pytest.raises(RecipeError, match=said) as refused:
        Trainer(pair, small(), device="cpu", network=network)
    assert "\n" not in str(refused.value)


# What a network of one's own brings along


def resnet(recipe: Recipe, inputs: Inputs) -> nn.Module:
    from torchvision.models import resnet18

    backbone = resnet18(weights=None)
    backbone.fc = nn.Identity()
    return backbone


def test_a_backbone_of_torchvisions_trains() -> None:
    trainer = Trainer(own_pair(64, 64, 3), small(), device="cpu", network=resnet)
    before = trainer.model.feature_extractor.conv1.weight.clone()
    records = rows_of(trainer, 2)
    assert all(np.isfinite([r.label_loss, r.domain_loss]).all() for r in records)
    assert not torch.equal(trainer.model.feature_extractor.conv1.weight, before)
    assert next(trainer.model.label_predictor.parameters()).shape == (100, 512)


def test_weights_that_a_network_brings_along_stay(pair: DomainPair) -> None:
    """The recipe's initialisation is that of the heads, which are ours."""
    given = {"weight": torch.full((7, 2352), 0.7), "bias": torch.full((7,), -3.0)}

    def with_weights(recipe: Recipe, inputs: Inputs) -> nn.Module:
        made = flat(recipe, inputs)
        made[1].load_state_dict(given)  # type: ignore[index, operator]
        return made

    recipe = small("seed")
    assert recipe.initialisation == "truncated-normal"
    model = Trainer(pair, recipe, device="cpu", network=with_weights).model
    found = model.feature_extractor[1].state_dict()
    assert all(torch.equal(found[name], value) for name, value in given.items())
    for head in (model.label_predictor, model.domain_classifier):
        assert head[0].weight.abs().max() <= 0.2
        assert (head[0].bias == 0.1).all()


def test_what_else_draws_random_numbers_changes_no_run(pair: DomainPair) -> None:
    alone = rows_of(Trainer(pair, small(), device="cpu", network=dropping), 6)
    torch.manual_seed(99)
    trainer, among = Trainer(pair, small(), device="cpu", network=dropping), []
    for k in range(6):
        torch.rand(k + 1)
        among.append(next(trainer))
    assert among == alone
    losses = [record.label_loss for record in alone]
    for seed in (1, 2):
        other = Trainer(pair, small(seed=seed), device="cpu", network=dropping)
        assert [record.label_loss for record in rows_of(other, 6)] != losses


def test_a_run_draws_none_of_the_programs_own_random_numbers(pair: DomainPair) -> None:
    trainer = Trainer(pair, small(), device="cpu", network=dropping)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    next(trainer)
    trainer.evaluate(8)
    assert torch.equal(torch.rand(3), expected)


def test_its_dropout_is_at_work(pair: DomainPair) -> None:
    """Or the tests around this one would prove nothing."""

    def without(recipe: Recipe, inputs: Inputs) -> nn.Module:
        made = dropping(recipe, inputs)
        made[1].p = 0.0  # type: ignore[index, union-attr]
        return made

    one = next(Trainer(pair, small(), device="cpu", network=dropping))
    assert one.label_loss != next(Trainer(pair, small(), device="cpu", network=without)).label_loss


@pytest.mark.parametrize("step", range(6))
def test_a_run_with_pytorchs_dropout_goes_on_alike_from_any_step(
    step: int, pair: DomainPair, tmp_path: Path
) -> None:
    alone = rows_of(Trainer(pair, small(), device="cpu", network=dropping), 6)
    stopped = Trainer(pair, small(), device="cpu", network=dropping)
    rows_of(stopped, step)
    stopped.save(tmp_path / "run.pt")
    next(stopped)  # what goes on elsewhere is not in the file
    torch.rand(7)
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    assert list(resumed) == alone[step:]


def test_a_function_inside_another_is_given_again_to_go_on(
    pair: DomainPair, tmp_path: Path
) -> None:
    def inner(recipe: Recipe, inputs: Inputs) -> nn.Module:
        return dropping(recipe, inputs)

    trainer = Trainer(pair, small(), device="cpu", network=inner)
    next(trainer)
    trainer.save(tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu", network=inner)
    assert rows_of(resumed, 3) == rows_of(trainer, 3)
    with pytest.raises(RecipeError, match=r"has no function '.*inner'"):
        Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    with pytest.raises(RecipeError, match=r"has no function '.*inner'"):
        load_trained(tmp_path / "run.pt")
    assert load_trained(tmp_path / "run.pt", inner).class_values == tuple(range(10))
