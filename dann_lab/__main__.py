"""``python -m dann_lab``: the ``dann`` command where its script is not on the PATH."""

from dann_lab.cli import main

main()
