"""Runs in a box: makes HTML of what a student wrote, piece by piece, and sanitises it. Only text leaves.

The libraries at work here take, for some inputs, time that grows with the square of the input and worse; the process
that asks sets the limits.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

from mlc_course.grading.pages.sanitizer import clean
from mlc_course.grading.pages.visible_text import visible
from mlc_course.grading.protocol.channel import Channel, ChannelClosed

MAX_DEPTH = 200  # elements within each other; browsers lay out deeper ones differently from what was sanitised
MAX_ELEMENTS = 5_000  # of one piece: a browser takes seconds to lay out lists and tables of more
MAX_SPANS = 30_000  # elements of highlighted code, which are laid out faster
MAX_FORMULA = 1_000  # characters; a longer one stays as TeX
MAX_FORMULAS = 300  # of one piece
_highlight = Highlight2HTML(pygments_lexer="ipython3")
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
# What a terminal takes as a command and ansi2html does not know: titles, links, fonts.
_COMMANDS = re.compile(r"\x1b(?:[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]+[0-~]|[0-Z\\-~])")


class _Renderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas as MathML, which needs no script in the page."""

    def __init__(self, attachments: dict[str, Any]):
        super().__init__(escape=False, attachments=attachments, exclude_anchor_links=True)
        self._formulas = 0

    def block_math(self, body: str) -> str:
        return self._formula(body, "block") or super().block_math(body)

    def inline_math(self, body: str) -> str:
        return self._formula(body, "inline") or super().inline_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        text = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self._formula(text, "block") or super().latex_environment(name, body)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        try:
            return str(super().image(text, url, title))
        except InvalidNotebook:  # an attachment that is not there
            return escape(text)

    def _formula(self, text: str, display: str) -> str | None:
        self._formulas += 1
        if len(text) > MAX_FORMULA or self._formulas > MAX_FORMULAS:
            return None
        try:
            return str(convert(text, display=display))
        except Exception:  # it raises what its parts raise: IndexError, its own errors, …
            return None


def load() -> None:
    """Make one page of everything, so that whatever is loaded on first use is there before the first fork."""
    for kind, text in (("markdown", "# a\n\n$x$ `b`\n\n```python\n1\n```\n"), ("code", "1"), ("terminal", "\x1b[31ma")):
        render({"kind": kind, "text": text})


def serve(channel: Channel, message: dict[str, Any]) -> None:
    """Answer each piece with its HTML, until the end."""
    while True:
        try:
            answer = {"html": render(message)}
        except Exception as error:
            answer = {"failure": type(error).__name__}
        channel.send(answer)
        try:
            message = channel.receive()
        except ChannelClosed:
            return


def render(message: Mapping[str, Any]) -> str:
    """The sanitised HTML of one piece: ``{"kind", "text", "attachments", "own_hosts"}``."""
    made = _RENDERERS[message["kind"]](message["text"], message.get("attachments") or {})
    html = visible(clean(visible(made), message.get("own_hosts") or ()))
    if _depth(html) > MAX_DEPTH:
        raise ValueError(f"elements more than {MAX_DEPTH} deep")
    most = MAX_SPANS if message["kind"] == "code" else MAX_ELEMENTS
    if html.count("<") > 2 * most:
        raise ValueError(f"more than {most} elements")
    return html


def _depth(html: str) -> int:
    """How deep elements lie within each other; what the sanitiser wrote has an end for each that may hold others."""
    deepest = depth = 0
    for end, name in _TAG.findall(html):
        depth += -1 if end else name not in ("br", "hr", "img")
        deepest = max(deepest, depth)
    return deepest


def _markdown(text: str, attachments: dict[str, Any]) -> str:
    return str(MarkdownWithMath(renderer=_Renderer(attachments)).render(text))


_RENDERERS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "markdown": _markdown,
    "code": lambda text, _: str(_highlight(text)),
    "terminal": lambda text, _: f"<pre>{ansi2html(_COMMANDS.sub('', text))}</pre>",
    "html": lambda text, _: text,
}
