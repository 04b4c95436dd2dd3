"""One anchor for a heading in every language.

Sphinx gives a heading an anchor made from its words before the one from its ``(label)=`` line, and uses the first
in the contents of the page, in permalinks and in search results. Words differ between languages, labels do not.
"""

from docutils import nodes
from sphinx.application import Sphinx


def labels_first(document: nodes.document) -> None:
    """Put the anchors of labels before those made from a heading's words."""
    for section in document.findall(nodes.section):
        explicit = {document.nameids.get(name) for name in section["names"] if document.nametypes.get(name)}
        section["ids"].sort(key=lambda anchor: anchor not in explicit)


def setup_anchors(app: Sphinx) -> None:
    """Before the page's contents are collected, at the default priority of 500."""
    app.connect("doctree-read", lambda _app, document: labels_first(document), priority=100)
