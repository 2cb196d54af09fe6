"""What makes the static site of the executed lessons, the docs and the API reference."""
