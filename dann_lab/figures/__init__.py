"""What is drawn, and the sentences beside it: pure functions of data, the same on every page."""
