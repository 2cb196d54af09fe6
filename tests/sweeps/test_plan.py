"""What a sweep's grid becomes, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from dann_core.errors import DannError
from dann_core.recipe import preset
from dann_lab.runs.folder import Data
from dann_lab.sweeps.fields import KNOWN
from dann_lab.sweeps.plan import LONGEST, Planned, from_toml, plan, typed


def names(planned: list[Planned]) -> list[str]:
    return [one.name for one in planned]


def test_every_combination_is_run_and_named_by_what_differs() -> None:
    planned = plan([typed(["lambda=0,.1,paper", "steps=20", "seed=3,4"])])
    assert names(planned) == [
        f"lambda={lambda_},seed={seed}" for lambda_ in ("0", "0.1", "paper") for seed in (3, 4)
    ]
    assert planned[3].recipe == preset("quick", steps=20, lambda_=0.1, seed=4)
    assert planned[5].recipe.lambda_ is None
    assert {repr(one.data) for one in planned} == {repr(Data())}


def test_what_nobody_asks_for_is_as_dann_train_has_it() -> None:
    by_pair = {one.data.pair: one.recipe for one in plan([typed(["pair=stripes,digits,mnist"])])}
    assert (by_pair["stripes"].preset, by_pair["stripes"].steps) == ("quick", 400)
    assert by_pair["digits"].steps == 800
    assert by_pair["mnist"] == preset("seed")
    (deep, quick) = plan([typed(["preset=deep,quick"])])
    assert (deep.recipe.steps, quick.recipe.steps) == (800, 400)


@pytest.mark.parametrize("field", ["batch-size", "batch_size", " batch-size "])
def test_a_field_is_known_as_an_option_and_as_python_has_it(field: str) -> None:
    assert names(plan([typed([f"{field}=8,16"])])) == ["batch-size=8", "batch-size=16"]


def test_every_field_of_a_recipe_and_of_data_can_be_swept() -> None:
    assert {"lambda", "mode", "preset", "network", "batch-norm", "warmup"} <= set(KNOWN)
    planned = plan([typed(["batch-norm=true,no", "data-seed=0,1", "network=tutorial,a.b:net"])])
    assert [one.name for one in planned if one.data.seed == 1][-1] == (
        "batch-norm=false,data-seed=1,network=a.b-net"
    )


def test_the_runs_of_one_data_set_come_together() -> None:
    seeds = [one.data.seed for one in plan([typed(["lambda=0,1", "data-seed=0,1,2"])])]
    assert seeds == [0, 0, 1, 1, 2, 2]


def test_own_data_are_those_of_both_places(tmp_path: Path) -> None:
    (one,) = plan([typed([f"source={tmp_path}/a.csv", f"target={tmp_path}/b.csv", "size=48x64"])])
    assert (one.data.pair, one.recipe.preset) == ("own", "own")
    assert one.data.source == str((tmp_path / "a.csv").resolve())
    assert one.data.size == [48, 64]


def test_a_long_name_is_cut_and_stays_the_only_one() -> None:
    long = "x" * 90
    planned = plan([typed([f"network={long}:a,{long}:b", f"build={long}1,{long}2"])])
    assert len(set(names(planned))) == 4
    assert all(len(name) <= LONGEST for name in names(planned))


def a_file(folder: Path, text: str) -> Path:
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_has_common_fields_and_several_grids_each_run_once(tmp_path: Path) -> None:
    text = """
        pair = "digits"
        steps = 30
        seeds = 2
        [[grid]]
        mode = ["source", "target"]
        [[grid]]
        lambda = [0, 0.5, "paper"]
        batch-norm = [true]
        [[grid]]
        lambda = [0]
        batch-norm = true
    """
    planned = plan(from_toml(a_file(tmp_path, text)))
    assert len(planned) == 2 * 2 + 3 * 2, "the last grid has nothing new"
    assert names(planned)[:2] == [f"mode=source,lambda=paper,seed={k}" for k in (0, 1)]
    assert {one.data.pair for one in planned} == {"digits"}
    assert {one.recipe.steps for one in planned} == {30}


WRONG = {
    "lambda": "--grid 'lambda': it must be FIELD=VALUE,VALUE, as in lambda=0,1.",
    "lamda=1": "--grid 'lamda=1': there is no field 'lamda'. Did you mean lambda? Known: pair, ",
    "begins=5": "--grid 'begins=5': there is no field 'begins'.",
    "=1": "--grid '=1': there is no field ''. Known: ",
    "lambda=": "--grid lambda: lambda has no value. Name one or more.",
    "lambda=0,x": "--grid lambda: 'x' is not paper or a number.",
    "lambda=0,0.0": "--grid lambda: 0 stands twice. Leave one out.",
    "lambda=-1": "The run with lambda=-1: lambda_=-1.0: it must be None or a number from 0",
    "lambda=nan": "The run with lambda=nan: lambda_=nan: it must be None or a number from 0",
    "steps=1.5": "--grid steps: '1.5' is not a whole number.",
    "steps=0": "The run with steps=0: steps=0: it must be a whole number from 1",
    "batch-size=3": "The run with batch-size=3: batch_size=3: it must be even",
    "batch-norm=maybe": "--grid batch-norm: 'maybe' is not true or false.",
    "dropout=1": "The run with dropout=1: dropout=1.0: it must be at least 0 and under 1.",
    "mode=none": "The run with mode=none: mode='none': it must be one of dann, source, target.",
    "pair=zebra": "The run with pair=zebra: pair='zebra': it must be one of stripes, digits, mnist",
    "preset=slow": "The run with preset=slow: There is no preset 'slow'. Choose one of: seed, ",
    "pair=own": "The run with pair=own: data of your own need a source and a target",
    "source=a": "The run with source=a: data of your own need a source and a target",
    "size=big": "--grid size: 'big' is not a size, such as 64 or 48x64.",
    "data-seed=x": "--grid data-seed: 'x' is not a whole number.",
    "network=a/b:c,a+b:c,a b:c": "Two runs would both be in the folder network=a-b-c.",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_grid_is_one_sentence_with_the_place(text: str) -> None:
    with pytest.raises(DannError) as refused:
        plan([typed([text])])
    assert str(refused.value).startswith(WRONG[text])
    assert "\n" not in str(refused.value)


def test_what_is_said_twice_too_much_or_not_at_all_is_refused() -> None:
    with pytest.raises(DannError, match=r"There is nothing to sweep\. Add --grid"):
        plan([typed([])])
    with pytest.raises(DannError, match="--grid steps: steps is given already, by --grid steps"):
        typed(["steps=1", "steps=2"])
    with pytest.raises(DannError, match="--grid pair: pair is given already, by --pair"):
        typed(["pair=stripes"], pair="digits")
    grid = typed(["seed=0,1"])
    with pytest.raises(DannError, match="--seeds: seed is given already, by --grid seed"):
        grid.add_seeds(2, "--seeds")
    for wrong in (0, -1, 2**70):
        with pytest.raises(DannError, match=r"--seeds .*: it must be a whole number from 1 to"):
            typed([]).add_seeds(wrong, "--seeds")
    large = typed([f"steps={','.join(map(str, range(1, 1001)))}"])
    large.add_seeds(1000, "--seeds")
    with pytest.raises(DannError, match=r"These are 1,000,000 runs, and a sweep has at most"):
        plan([large])
    with pytest.raises(DannError, match="build names finished data: leave out photos"):
        plan([typed(["pair=mnist", "build=x", "data-seed=1"])])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lambda = [0, 1]", "'lambda' stands above [grid] and has several values. Move it below."),
        ("[grid]\nlamda = [0]", "[grid]: there is no field 'lamda'. Did you mean lambda?"),
        ("[grid]\nlambda = [0, [1]]", "[grid], lambda: [1] is neither a number, a text nor"),
        ("[[grid]]\nsteps = [1]\n[[grid]]\nsteps = [true]", "[[grid]] 2, steps: 'true' is not"),
        ("seeds = 0\n[grid]", ": seeds = 0: it must be a whole number from 1"),
        ("seeds = 'a'", ": seeds = 'a': it must be a whole number from 1"),
        ("grid = []", "grid = [] has no part."),
        ("grid = [1]", "[[grid]] 1: it must be a table of fields"),
        ("[grid]\nlambda = []", "[grid], lambda: lambda has no value."),
        ("steps = 1\n[grid]\nsteps = [2]", "[grid], steps: steps is given already, by"),
        ("steps = x", "cannot be read as TOML: Invalid value (at line 1, column 9). Mend it"),
        ("", "There is nothing to sweep."),
    ],
)
def test_a_wrong_file_is_one_sentence_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = a_file(tmp_path, text)
    with pytest.raises(DannError) as refused:
        plan(from_toml(path))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value) or not text


def test_a_file_that_is_no_text_or_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\x00")
    for path, said in (
        (tmp_path / "none.toml", "There is no file"),
        (tmp_path, "is a folder, not a file"),
        (tmp_path / "binary.toml", "cannot be read as TOML"),
    ):
        with pytest.raises(DannError, match=said):
            from_toml(path)
