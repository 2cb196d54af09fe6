"""Runs: their folders, those that are kept or ship with the project, and how they are shown."""
