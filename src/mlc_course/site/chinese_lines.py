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


def _join_in_document(_app: Sphinx, document: nodes.document) -> None:
    for text in list(document.findall(nodes.Text)):
        inside_paragraph = isinstance(text.parent, nodes.paragraph | nodes.Inline)
        if inside_paragraph and not isinstance(text.parent, nodes.literal | nodes.math) and "\n" in text:
            text.parent.replace(text, nodes.Text(join_lines(text.astext())))


def setup_chinese_lines(app: Sphinx) -> None:
    app.connect("doctree-read", _join_in_document)
