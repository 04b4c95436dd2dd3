"""What nbgrader loads: a reader of submissions, and the two steps that make its marks trustworthy.

``Sanitize`` comes first when a submission is taken in, ``TrustedGrade`` takes the place of nbgrader's ``Execute``.
The other steps stay nbgrader's own, so late penalties, manual grading, comments and the formgrader work as ever.
"""

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
from mlc_course.exercises.source import answer_id
from mlc_course.grading.classroom.gradebook import keep_time, time_in
from mlc_course.grading.judging.graded_cells import judged_name
from mlc_course.grading.judging.grader import GRADERS, checks_version
from mlc_course.grading.judging.remarks import released_version
from mlc_course.grading.judging.results import read_result
from mlc_course.grading.sandbox.probe import require_box
from mlc_course.grading.vetting.cell_text import released
from mlc_course.grading.vetting.notebook import (
    Known,
    fingerprint,
    known_cells,
    read_submission,
    sanitize,
)
from mlc_ref.language import Language, Text

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
            keep_time(gradebook, where["assignment"], where["student"], Path(resources["metadata"]["path"]))
        return sanitize(nb, known), resources


class TrustedGrade(NbGraderPreprocessor):
    """Runs the notebook in a box and has its items judged outside; writes report and score into the check cells."""

    source = Unicode("source", help="Folder of the assignments' own files, in the course folder.").tag(config=True)
    release = Unicode("release", help="Folder of the notebooks handed out, in the course folder.").tag(config=True)
    results = Unicode("", help="Folder with results made before, by `mlc grade`.").tag(config=True)
    version = Unicode("", help="Version of the checks that those results were made with.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        where = resources["nbgrader"]
        stem = where["notebook"]
        if stem not in exercise_stems():
            raise ValueError(f"{stem}: not an exercise set of this course ({', '.join(exercise_stems())})")
        result = self._made_before(nb, stem)
        if result is None:
            data = Path(self.source, where["assignment"])
            result = GRADERS.grade(stem, nb, str(data.resolve()) if data.is_dir() else None, version=self.version)
        enter(nb, result, released_version(self._release(where)))
        resources["mlc_unjudged"] = list(result.get("unjudged", {}))
        return nb, resources

    def _made_before(self, nb: NotebookNode, stem: str) -> dict[str, Any] | None:
        if not self.results:
            return None
        version = self.version or checks_version(stem)
        return read_result(Path(self.results) / f"{fingerprint(nb, version)}.json", stem, version)

    def _release(self, where: dict[str, str]) -> Path:
        """The notebook that students were given, in the course folder, where nbgrader works."""
        return Path(self.release, where["assignment"], f"{where['notebook']}.ipynb")


def enter(notebook: NotebookNode, result: dict[str, Any], released_with: str = "") -> None:
    """Write a result into the notebook: outputs of its cells, reports and scores of its check cells.

    Hidden tests do not stay in it: feedback pages are made of this notebook.

    Args:
        released_with: version of the checks that the notebook was released with, where that is known.
    """
    remarks = result.get("remarks", [])
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [NotebookNode(output) for output in result["outputs"].get(cell.id, [])]
        name = judged_name(cell)
        if name is None:
            continue
        cell.source = released(cell.source)
        item, unjudged = result["items"].get(name), result.get("unjudged", {}).get(name)
        if item is None:
            why = Text(unjudged["en"], unjudged["zh"]) if unjudged else _NO_RESULT
            said_in: Language = "zh" if notebook.metadata.get("mlc", {}).get("language") == "zh" else "en"
            cell.outputs = [_stream(_BY_HAND.format(why=why).get(said_in)), _score(0)]
            continue
        report = report_from_json(item)
        table = new_output("display_data", data={"text/html": report._repr_html_(), "text/plain": str(report)})
        said = [item["fault"][report.language]] if "fault" in item else []
        said += [remark[report.language] for remark in remarks if remark["cell"] in ("", name, answer_id(name))]
        cell.outputs = [table, _stream("\n".join([*said, _version(result["version"], released_with)]))]
        cell.outputs.append(_score(min(item["score"], float(cell.metadata["nbgrader"]["points"]))))


_BY_HAND = Text("Not judged, its points are given by hand: {why}", "未自动评分，分数由教师给出：{why}")
_NO_RESULT = Text("there is no result for this cell", "这个单元没有结果")


def _version(judged_by: str, released_with: str) -> str:
    other = f", released with {released_with}" if released_with not in ("", judged_by) else ""
    return f"(checks {judged_by}{other})"


def _stream(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=f"{text}\n")


class LeaveToHand(NbGraderPreprocessor):
    """After nbgrader entered the scores: cells that could not be judged have none, and ask for points by hand."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            for name in resources.get("mlc_unjudged", ()):
                grade = gradebook.find_grade(name, where["notebook"], where["assignment"], where["student"])
                grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()
        return nb, resources


def prepare_submission(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before it takes in a submission: its time is a regular file that holds one, or there is none."""
    for stamp in {Path(notebook).parent / "timestamp.txt" for notebook in notebooks}:
        if not os.path.lexists(stamp) or time_in(stamp) is not None:
            continue
        _log.warning("%s: not a time, put aside", stamp)
        os.replace(stamp, stamp.with_name("timestamp.malformed.txt"))


def _score(points: float) -> NotebookNode:
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
