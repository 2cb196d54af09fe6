"""What a person sees: the live page, the command line, and the servers behind them."""

from contextlib import suppress

from dann_core.errors import DataError
from dann_lab import caches

with suppress(DataError):  # the commands that need a place say so
    caches.prepare()
