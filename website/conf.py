"""Sphinx's settings for the pages that make_site.py gathers. No page asks another machine for
anything: formulas become MathML, and the theme brings its own fonts and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

project = "DANN, explorable"
author = "The authors of dann-explorable"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = project
html_static_path = [str(Path(__file__).parent / "static")]
html_favicon = str(Path(__file__).parent / "static" / "favicon.svg")
html_css_files = ["site.css"]
html_js_files = [("widgets.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
html_theme_options = {"source_repository": ""}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

nb_execution_mode = "off"  # make_site.py has run the lessons
nb_ipywidgets_js: dict[str, Any] = {}
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "website.anchors.jupyter_anchor"

autodoc_inherit_docstrings = False  # PyTorch says of every forward that it should be overridden
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False


def visit_math(translator: Any, node: nodes.Element) -> None:
    translator.body.append(tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block)))
    raise nodes.SkipNode


def mark_code(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """An indented paragraph of a docstring is code or a diagram, not a quotation."""
    marked: list[str] = []
    for line in lines:
        before = [earlier for earlier in marked if earlier.strip()][-1:]
        starts = line.startswith("    ") and marked and not marked[-1].strip()
        if starts and before and not before[0].startswith(" ") and not before[0].endswith("::"):
            marked += ["::", ""]
        marked.append(line)
    lines[:] = marked


def skip_others(
    app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object
) -> bool | None:
    """scikit-learn gives an estimator methods whose text refers to its own pages."""
    return True if str(getattr(thing, "__module__", "")).startswith("sklearn.") else None


def name_heading_levels(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Sphinx makes headings of the captions between the links without saying of which level."""
    if "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = context["furo_navigation_tree"].replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )


def load_less(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Pictures wait until they are about to be seen, and only lessons have the cells' style."""
    if "body" in context:
        context["body"] = context["body"].replace("<img ", '<img loading="lazy" ')
    if not page.startswith("lessons/"):
        styles = context["css_files"]
        context["css_files"] = [style for style in styles if "mystnb" not in str(style.filename)]


def setup(app: Sphinx) -> None:
    app.connect("autodoc-skip-member", skip_others)
    app.connect("autodoc-process-docstring", mark_code)
    app.connect("html-page-context", name_heading_levels, priority=900)  # after the theme's
    app.connect("html-page-context", load_less, priority=900)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math, None))
