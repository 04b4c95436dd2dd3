"""Feedback on a submission whose student is no longer in the gradebook: a notice in place of a traceback."""

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import GetGrades

from mlc_course.terminal import printable

_NOTICE = (
    "There are no marks: this submission is not in the gradebook (the student was removed or renamed).\n\n"
    "没有成绩：成绩册中没有这份提交（该学生已被删除或改名）。"
)


class GradesOfKnown(GetGrades):
    """Puts the marks of the gradebook into a page; a submission that is not in it gets a page that says so."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            try:
                gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
            except MissingEntry:
                folder = printable(f"autograded/{where['student']}/{where['assignment']}")
                self.log.warning(
                    "%s: not in the gradebook, so its page only says so. If the student has left or was renamed, remove "
                    "the folder; if not, `mlc grade %s` enters the submission again.", folder, where["assignment"]
                )  # fmt: skip
                where |= {"score": 0.0, "max_score": 0.0, "late_penalty": 0.0}
                return new_notebook(cells=[new_markdown_cell(_NOTICE)], metadata=nb.metadata), resources
        return super().preprocess(nb, resources)
