"""The runs behind lesson 07's picture of what each part of "quick" is worth, step by step.

    python benchmarks/parts.py run       # an hour on one core; goes on where it stopped
    python benchmarks/parts.py write     # dann_lab/lessons/parts.json

The variants, seeds and steps are those of ablation.py; here each run is also looked at twenty times
on its way. Each run uses one thread.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import filelock
import torch
from ablation import SEEDS, STEPS, VARIANTS, doubt

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.files import written_whole
from dann_core.recipe import preset
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "parts"
DATA = ROOT / "dann_lab" / "lessons" / "parts.json"
LOOKS = 20
CURVES = ("source", "target", "domain", "doubt")


def looked_at(trainer: Trainer) -> dict[str, float | None]:
    found = trainer.evaluate()
    domain = found.domain_accuracy
    return {
        "source": round(found.source_accuracy, 4),
        "target": round(found.target_accuracy, 4),
        "domain": None if math.isnan(domain) else round(domain, 4),
        "doubt": round(doubt(trainer), 4),
    }


def recorded(pair: DomainPair, name: str, seed: int) -> dict[str, Any]:
    steps = STEPS[pair.name]
    changes = {"steps": steps, "seed": seed, **VARIANTS[name].changes}
    trainer = Trainer(pair, preset("quick", **changes), device="cpu")
    rows = [looked_at(trainer) for record in trainer if record.step % (steps // LOOKS) == 0]
    curves = {curve: [row[curve] for row in rows] for curve in CURVES}
    return {"seed": seed, "build": pair.build["id"], "torch": torch.__version__, **curves}


def run() -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    for pair_name in ("stripes", "mnist"):
        pair = load_pair(pair_name)
        for name in VARIANTS:
            for seed in SEEDS:
                file = RUNS / f"{pair_name}-{name}-{seed}.json"
                with filelock.FileLock(file.with_suffix(".lock")):
                    if file.exists():
                        continue
                    found = recorded(pair, name, seed)
                    with written_whole(file) as temporary:
                        text = json.dumps(found)
                        temporary.write_text(text, encoding="utf-8", newline="\n")
                print(file.stem, found["target"][-1], flush=True)


def write() -> None:
    pairs: dict[str, Any] = {}
    for pair, steps in STEPS.items():
        every = steps // LOOKS
        if not (RUNS / f"{pair}-{[*VARIANTS][-1]}-{SEEDS[-1]}.json").exists():
            print(f"There are no runs on {pair} yet, so they are left out.")
            continue
        pairs[pair] = {"steps": list(range(every, steps + 1, every))}
        for name, variant in VARIANTS.items():
            files = [RUNS / f"{pair}-{name}-{seed}.json" for seed in SEEDS]
            runs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
            pairs[pair][name] = {"text": variant.text, "runs": runs}
    with written_whole(DATA) as temporary:
        text = json.dumps(pairs, separators=(",", ":"))
        temporary.write_text(text.replace('{"seed"', '\n{"seed"') + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["run", "write"])
    if parser.parse_args().what == "write":
        write()
    else:
        run()


if __name__ == "__main__":
    main()
