"""Where domains come from. A pair is a function ``(data_dir, **options) -> DomainPair``."""

from dann_core.sources import digits, mnist

PAIRS = {"digits": digits.digits_pair, "mnist": mnist.mnist_pair}
NAMES = {"digits": digits.NAMES, "mnist": mnist.NAMES}
"""Of each pair's source and target, for people."""
