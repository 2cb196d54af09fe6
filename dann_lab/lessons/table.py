"""A small table in a notebook: it scrolls in its own box where the page is narrow."""

from __future__ import annotations

import html
from collections.abc import Sequence


def html_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    sentences: Sequence[str] = (),
    align: str = "",
) -> str:
    """``rows`` below ``heads``, the first cell of each its name, and ``sentences`` below.

    ``align``: where what stands behind the names is written, "left" or "right"; "" as the page has
    it. All texts are plain.
    """
    style = f' style="text-align:{align}"' if align else ""

    def row(cells: Sequence[str], scope: str) -> str:
        first, *others = map(html.escape, cells)
        tag = "th" if scope == "col" else "td"
        opened = f'{tag} scope="col"' if scope == "col" else tag
        rest = "".join(f"<{opened}{style}>{cell}</{tag}>" for cell in others)
        return f'<tr><th scope="{scope}" style="text-align:left">{first}</th>{rest}</tr>'

    head, body = row(heads, "col"), "".join(row(cells, "row") for cells in rows)
    below = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
    return (
        '<div tabindex="0" role="group" aria-label="Table" style="overflow-x:auto">'
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></div>{below}"
    )
