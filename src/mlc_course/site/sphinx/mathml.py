"""Formulas as MathML, converted while building: pages need neither a script nor a font from elsewhere."""

import re
from html import escape
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

# The converter lays out `split` and the starred forms in columns; the others are the same without numbers.
_SAME_AS = {"aligned": "split", "align": "align*", "equation": "", "equation*": ""}
_KNOWN = {"split", "align*", "cases", "array", "matrix", "pmatrix", "bmatrix", "vmatrix", "Bmatrix", "Vmatrix"}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([A-Za-z]+\*?)\}")


class FormulaError(SphinxError):
    """A formula that cannot be shown."""

    category = "Formula"


def to_mathml(latex: str, *, display: bool) -> str:
    """Convert one formula.

    Args:
        latex: the formula, without dollar signs.
        display: whether it stands on a line of its own.

    Raises:
        FormulaError: an unknown command or environment, unbalanced braces, or a stray ``&``.
    """
    source = _ENVIRONMENT.sub(_environment, latex).strip()
    if re.sub(r"\\[{}\\]", "", source).count("{") != re.sub(r"\\[{}\\]", "", source).count("}"):
        raise FormulaError(f"unbalanced braces in the formula {latex!r}")
    try:
        mathml = convert(source, display="block" if display else "inline")
        root = ElementTree.fromstring(mathml)
    except Exception as error:
        raise FormulaError(f"the formula {latex!r} cannot be converted: {error or type(error).__name__}") from error
    unknown = [node.text for node in root.iter() if node.text and node.text.startswith("\\") and len(node.text) > 1]
    if unknown:
        raise FormulaError(f"the formula {latex!r} uses {', '.join(unknown)}, which the converter does not know")
    return mathml.replace("<math ", f'<math alttext="{escape(latex.strip())}" ', 1)


def _environment(match: re.Match[str]) -> str:
    name = _SAME_AS.get(match[2], match[2])
    if name and name not in _KNOWN:
        raise FormulaError(
            f"the environment {match[2]!r} is not supported; use one of {sorted(_KNOWN | set(_SAME_AS))}"
        )
    return f"\\{match[1]}{{{name}}}" if name else ""


def _convert_at(node: nodes.Element, *, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display=display)
    except FormulaError as error:
        page, line = node.document.get("source") if node.document else node.source, node.line
        raise FormulaError(f"{node.source or page}{f', line {line}' if line else ''}: {error}") from error


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    formula = _convert_at(node, display=False)
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate") + formula + "</span>")
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number and anchor where it has a label."""
    # Scrolls sideways where it is wider than the screen, so the keyboard must be able to reach it.
    translator.body.append(translator.starttag(node, "div", "", CLASS="math notranslate", tabindex="0"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append(_convert_at(node, display=True) + "</div>\n")
    raise nodes.SkipNode


def setup_math(app: Sphinx) -> None:
    """Register the renderer and choose it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.config.html_math_renderer = "mathml"
