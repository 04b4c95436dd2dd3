"""Grade one sanitised notebook: from the notebook to a result that is plain JSON.

The result depends on the notebook, the version of the checks and the secret inputs, on nothing else, so
that any process on any machine may make it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_core.utils import run_sync
from nbformat.notebooknode import NotebookNode

from mlc_course.exercises.catalog import set_folder
from mlc_course.exercises.reports import report_to_json
from mlc_course.exercises.source import parse_check
from mlc_course.grading.assessor import Assessor
from mlc_course.grading.kernels_ahead import KernelsAhead
from mlc_course.grading.sandbox import require_box
from mlc_course.grading.scratch import remove_leftovers
from mlc_course.grading.session import Session, Times
from mlc_course.grading.spare import uses_torch
from mlc_course.grading.submission import PROBLEMS
from mlc_course.grading.warm import JobLimits, Warm
from mlc_course.grading.warm_kernels import WarmKernels
from mlc_course.root import course_root
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import PartResult, Report
from mlc_ref.language import Language, Text, parse_language


@dataclass(frozen=True)
class Settings:
    """Limits of grading one notebook."""

    times: Times = field(default_factory=Times)
    job: JobLimits = field(default_factory=JobLimits)


class Grader:
    """Grades notebooks of one exercise set; keeps its two boxed processes warm, and the one that forks kernels.

    Raises:
        NoSandbox: this machine cannot make a box that holds.
    """

    def __init__(self, stem: str, settings: Settings | None = None):
        require_box()
        remove_leftovers()
        root = course_root()
        folder = set_folder(stem)
        self.stem, self.settings = stem, settings or Settings()
        self.version = checks_version(stem)
        readable = (str(folder), str(root / "_toc.yml"))
        self._judge = Warm("judge", (stem,), readable, str(root))
        self._runner = Warm("run")
        self._kernels = WarmKernels(("torch",) if uses_torch(stem) else ())
        self._ahead = KernelsAhead(self._kernels)
        self._judge.start()
        self._runner.start()
        self._kernels.start()
        self._tasks: list[dict[str, Any]] | None = None

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """Descriptions of the set's tasks."""
        if self._tasks is None:
            with self._judge.job() as job:
                job.talk.send({"describe": self.stem})
                self._tasks = job.talk.receive(60)["tasks"]
        return self._tasks

    def grade(
        self, notebook: NotebookNode, data_folder: str | None, *, another_follows: bool = False
    ) -> dict[str, Any]:
        """Run a sanitised notebook and judge its items.

        Args:
            notebook: as ``sanitize`` made it; its cells get their outputs.
            data_folder: the assignment's own files, given to the student's code.
            another_follows: have a kernel started for the next notebook while this one is graded.

        Returns:
            ``{"stem", "version", "items": {item: report}, "unjudged": {item: reason}, "outputs": {cell id: outputs}}``;
            ``unjudged`` are items without points because something went wrong here, not in the answer.
        """
        mlc = notebook.metadata.get("mlc", {})
        language = parse_language(mlc.get("language", "en"))
        problems = mlc.get("problems", {})
        items = {task["name"]: task for task in self.tasks}
        checks = {}
        for index, cell in enumerate(notebook.cells):
            call = parse_check(cell.source) if _judged_item(cell) in items else None
            if call is not None and call.item == _judged_item(cell) and call.item not in problems:
                checks[index] = call
        skipped = {i for i, cell in enumerate(notebook.cells) if _judged_item(cell) and i not in checks}
        assessor = Assessor(self.stem, self.tasks, self._judge, self._runner, self.settings.job)
        session = Session(notebook, checks, assessor, data_folder or "", {"MLC_LANG": language}, self.settings.times)
        session.kernels, session.another_follows = self._ahead, another_follows
        session.skipped |= skipped
        if checks:
            run_sync(session.run)()
        outcomes = {**{name: _problem(problems.get(name), mlc) for name in items}, **session.outcomes}
        result = {
            "stem": self.stem,
            "version": self.version,
            "items": {name: _report(items[name], outcomes[name], language) for name in items},
            "unjudged": session.unjudged,
            "outputs": {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"},
        }
        # Texts may hold halves of characters, which no file can.
        return dict(json.loads(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")))

    def stop(self) -> None:
        """End the boxed processes."""
        run_sync(self._ahead.end)()
        self._judge.stop()
        self._runner.stop()
        self._kernels.stop()


@cache
def grader_for(stem: str) -> Grader:
    """The grader of a set in this process, made once."""
    return Grader(stem)


@cache
def checks_version(stem: str) -> str:
    """Changes when the checks of a set, the code they stand on, or the grader itself change."""
    import mlc_ref

    digest = hashlib.sha256()
    package, grader = Path(mlc_ref.__path__[0]), Path(__file__).parent
    files = [
        *package.rglob("*.py"),
        *grader.glob("*.py"),
        *grader.glob("*.json"),
        *(grader.parent / "exercises").glob("*.py"),
    ]
    for path in [set_folder(stem) / "checks.py", *sorted(files)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _judged_item(cell: NotebookNode) -> str | None:
    """The grade id of a check cell."""
    data = cell.metadata.get("nbgrader", {})
    judged = cell.cell_type == "code" and data.get("grade") and not data.get("solution")
    return data.get("grade_id") if judged else None


def _problem(problem: str | None, mlc: dict[str, Any]) -> CheckFailure:
    expected = Text("the check cell as it was handed out", "与发放时相同的检查单元")
    found = PROBLEMS.get(problem or "missing", PROBLEMS["missing"])
    if mlc.get("unreadable"):
        expected, found = (
            Text("a readable notebook", "可读的笔记本"),
            Text(*(str(mlc.get(name, mlc["unreadable"])) for name in ("unreadable", "unreadable_zh"))),
        )
    hint = Text(
        "Get the notebook again, paste your answers into it and leave the check cells as they are.",
        "请重新获取笔记本，把你的答案粘贴进去，不要改动检查单元。",
    )
    return CheckFailure(expected=expected, found=found, hint=hint)


def _report(task: dict[str, Any], outcome: Any, language: Language) -> dict[str, Any]:
    if not isinstance(outcome, CheckFailure):
        return {**outcome, "language": language}
    parts = tuple(
        PartResult(part["name"], Text(*part["title"]), part["points"], 0, outcome.message, outcome.hint)
        for part in task["parts"]
    )
    return report_to_json(Report(task["name"], Text(*task["title"]), parts, language))
