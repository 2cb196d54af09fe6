from __future__ import annotations

import os

# Before NumPy and PyTorch are loaded: a process that forks has one thread.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

from tools.soak.going import main

if __name__ == "__main__":
    main()
