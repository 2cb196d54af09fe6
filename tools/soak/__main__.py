"""``python -m tools.soak``."""

from __future__ import annotations

import os
from importlib import import_module

if __name__ == "__main__":
    # Before NumPy and PyTorch are loaded: a process that forks has one thread.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    import_module("tools.soak.going").main()
