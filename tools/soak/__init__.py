"""Bad inputs by the thousand, each in a process of its own, and what became of them.

    python -m tools.soak

``commands`` makes command lines from the command ``dann`` itself, ``functions`` makes calls of
every public function of ``dann_core``, ``files`` damages what is read. ``children`` runs one case
in a forked process, ``sandbox`` is the folder it may spoil, ``verdicts`` judges, ``table`` writes
docs/robustness.md.
"""
