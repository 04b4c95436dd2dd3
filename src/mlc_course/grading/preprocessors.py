"""What nbgrader loads: a reader of submissions, and the two steps that make its marks trustworthy.

``Sanitize`` comes first when a submission is taken in, ``TrustedGrade`` takes the place of nbgrader's ``Execute``.
The other steps stay nbgrader's own, so late penalties, manual grading, comments and the formgrader work as ever.
"""

import json
import logging
import os
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from mlc_course.exercises.catalog import exercise_stems
from mlc_course.exercises.reports import report_from_json
from mlc_course.grading.classroom import time_in
from mlc_course.grading.grader import checks_version, grader_for
from mlc_course.grading.sandbox import require_box
from mlc_course.grading.submission import (
    Known,
    fingerprint,
    known_cells,
    read_submission,
    sanitize,
)

_log = logging.getLogger(__name__)


class SubmissionExporter(NotebookExporter):
    """Reads submissions with ``read_submission``, so that no file makes nbgrader stumble."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        resources = ResourcesDict() if resources is None else resources
        path = Path(filename)
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        if getattr(self.parent, "_sanitizing", True):
            return self.from_notebook_node(read_submission(path), resources=resources, **options)
        return super().from_filename(filename, resources=resources, **options)


class Sanitize(NbGraderPreprocessor):
    """Reduces a submission to what may be graded, and takes back the scores of an earlier grading."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        require_box()
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            known = known_cells(gradebook.find_notebook(where["notebook"], where["assignment"]))
            _forget_scores(gradebook, known, where)
        return sanitize(nb, known), resources


class TrustedGrade(NbGraderPreprocessor):
    """Runs the notebook in a box and has its items judged outside; writes report and score into the check cells."""

    source = Unicode("source", help="Folder of the assignments' own files, in the course folder.").tag(config=True)
    results = Unicode("", help="Folder with results made before, by `mlc grade`.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        where = resources["nbgrader"]
        stem = where["notebook"]
        if stem not in exercise_stems():
            raise ValueError(f"{stem}: not an exercise set of this course ({', '.join(exercise_stems())})")
        made = Path(self.results) / f"{fingerprint(nb, checks_version(stem))}.json" if self.results else None
        if made is not None and made.is_file():
            result = json.loads(made.read_text("utf-8"))
        else:
            data = Path(self.source, where["assignment"])
            result = grader_for(stem).grade(nb, str(data.resolve()) if data.is_dir() else None)
        enter(nb, result)
        return nb, resources


def enter(notebook: NotebookNode, result: dict[str, Any]) -> None:
    """Write a result into the notebook: outputs of its cells, reports and scores of its check cells."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [NotebookNode(output) for output in result["outputs"].get(cell.id, [])]
        data = cell.metadata.get("nbgrader", {})
        if not data.get("grade") or data.get("solution"):
            continue
        item = result["items"].get(data["grade_id"])
        if item is None:
            note = "This cell is not an item of the exercise set; its points are given by hand.\n"
            cell.outputs = [new_output("stream", name="stdout", text=note), _score(0)]
            continue
        report = report_from_json(item)
        table = new_output("display_data", data={"text/html": report._repr_html_(), "text/plain": str(report)})
        version = new_output("stream", name="stdout", text=f"(checks {result['version']})\n")
        cell.outputs = [table, version, _score(report.score)]


def prepare_submission(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before it takes in a submission: its time is a regular file that holds one, or there is none."""
    for stamp in {Path(notebook).parent / "timestamp.txt" for notebook in notebooks}:
        if not os.path.lexists(stamp) or time_in(stamp) is not None:
            continue
        _log.warning("%s: not a time, put aside", stamp)
        os.replace(stamp, stamp.with_name("timestamp.malformed.txt"))


def _score(points: int) -> NotebookNode:
    """The form in which nbgrader takes partial credit."""
    return new_output("execute_result", data={"text/plain": str(points)}, execution_count=None)


def _forget_scores(gradebook: Gradebook, known: dict[str, Known], where: dict[str, str]) -> None:
    """Nothing of an earlier grading is kept, whatever happens next; points given by hand are."""
    notebook = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
    for grade in notebook.grades:
        entry = known.get(grade.name)
        if entry is not None and entry.judged:
            grade.auto_score = 0.0
    gradebook.db.commit()
