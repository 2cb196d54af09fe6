"""A pair so small that a run takes no time: random pictures, a few batches to an epoch."""

from __future__ import annotations

import torch

from dann_core.domains import Domain, DomainPair, Split


def tiny_pair(train: int = 30, test: int = 24, seed: int = 5) -> DomainPair:
    """Two domains of random images, the target's darker; ``train`` images each (2 more in the
    target, so that the two domains' epochs end at different steps)."""
    generator = torch.Generator().manual_seed(seed)

    def split(n: int, high: int) -> Split:
        return Split(
            torch.randint(0, high, (n, 28, 28, 3), generator=generator, dtype=torch.uint8),
            torch.randint(0, 10, (n,), generator=generator),
        )

    source = Domain("bright", split(train, 256), split(8, 256), split(test, 256))
    target = Domain("dark", split(train + 2, 120), split(8, 120), split(test, 120))
    build = {"pair": "tiny", "id": f"tiny-{seed}", "sha256": f"{seed:064}"}
    return DomainPair("tiny", source, target, build=build)
