"""What the widgets load in a page: built scripts and style sheets, in ``static``."""
