"""Where domains come from. A pair is a function ``(data_dir, **options) -> DomainPair``."""

from dann_core.sources.digits import digits_pair
from dann_core.sources.mnist import mnist_pair

PAIRS = {"digits": digits_pair, "mnist": mnist_pair}
