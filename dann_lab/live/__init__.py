"""The live page: a training run, the controls a person has over it, and what the page shows."""
