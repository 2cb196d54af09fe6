"""What every picture on a page is made of: the base of all widgets, and their built scripts."""
