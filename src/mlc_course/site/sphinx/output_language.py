"""What cells print, in the language of the page: they are run once for all languages, and then print both."""

from docutils import nodes
from sphinx.application import Sphinx

from mlc_ref.language import Language, printed_in


def leave_one_language(document: nodes.document, language: Language) -> None:
    """Leave one language of each text that the cells of a page printed in both."""
    for text in list(document.findall(nodes.Text)):
        said = printed_in(language, text.astext())
        if said != text.astext():
            text.parent.replace(text, nodes.Text(said))
    for block in document.findall(nodes.literal_block):
        # Sphinx colours a block only where its source is its text.
        block.rawsource = printed_in(language, block.rawsource)


def setup_output_language(app: Sphinx, language: Language) -> None:
    app.connect("doctree-read", lambda _app, document: leave_one_language(document, language))
