"""The role ``{printed}``: text that a code cell of the page prints; a test compares the two."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from mlc_course.content.printed_values import PRINTED, shown_text


class PrintedValue(SphinxRole):
    """Leaves the text on the page, and nothing of the mark."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.Text(shown_text(self.text))], []


def setup_printed(app: Sphinx) -> None:
    app.add_role(PRINTED, PrintedValue())
