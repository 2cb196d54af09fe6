"""The anchors of headings."""

from __future__ import annotations


def jupyter_anchor(heading: str) -> str:
    """JupyterLab's anchor of a heading, which the lessons' links use."""
    return heading.replace(" ", "-")
