"""What ``nbgrader generate_feedback`` writes pages with."""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from traitlets import default

from mlc_course.grading.pages.page import feedback_page


class FeedbackExporter(Exporter):
    """Makes the static page of one graded notebook."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        notebook, resources = super().from_notebook_node(nb, resources, **options)
        return feedback_page(notebook, resources["nbgrader"]), resources
