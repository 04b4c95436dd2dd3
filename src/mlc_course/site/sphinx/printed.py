"""The roles ``{printed}`` and ``{printed-code}``: text that a code cell of the page prints; a test compares the two."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from mlc_course.content.printed_values import PRINTED, PRINTED_CODE, shown_text


class PrintedValue(SphinxRole):
    """Leaves the text on the page, and nothing of the mark."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        text = shown_text(self.text)
        return [nodes.literal(text, text) if self.name == PRINTED_CODE else nodes.Text(text)], []


def setup_printed(app: Sphinx) -> None:
    app.add_role(PRINTED, PrintedValue())
    app.add_role(PRINTED_CODE, PrintedValue())
