"""Line breaks in Chinese sources: a browser shows each as a space, which Chinese text does not have."""

import re

from docutils import nodes
from sphinx.application import Sphinx

_WIDE = r"\u2014\u2018-\u201d\u2026\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
# A space belongs between Han characters and Latin letters, but not next to full-width punctuation.
_MARKS = r"\u2014\u2018-\u201d\u2026\u3000-\u303f\uff00-\uffef"
_BREAK = re.compile(
    rf"(?<=[{_WIDE}])[ \t]*\n[ \t]*(?=[{_WIDE}])|(?<=[{_MARKS}])[ \t]*\n[ \t]*|[ \t]*\n[ \t]*(?=[{_MARKS}])"
)


def join_lines(text: str) -> str:
    """Remove the line breaks at which Chinese has no space."""
    return _BREAK.sub("", text)


def join_in(document: nodes.document) -> None:
    """Join the lines of every paragraph; a line break is a node of its own, so its neighbours decide."""
    for text in list(document.findall(nodes.Text)):
        parent = text.parent
        if "\n" not in text or isinstance(parent, nodes.FixedTextElement | nodes.literal | nodes.math | nodes.raw):
            continue
        position = parent.index(text)
        before = parent[position - 1].astext()[-1:] if position else ""
        after = parent[position + 1].astext()[:1] if position + 1 < len(parent) else ""
        joined = join_lines(before + text.astext() + after)
        parent.replace(text, nodes.Text(joined[len(before) : len(joined) - len(after)]))


def setup_chinese_lines(app: Sphinx) -> None:
    app.connect("doctree-read", lambda _app, document: join_in(document))
