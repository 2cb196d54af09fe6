"""The servers behind the page and the notebooks."""
