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

from mlc_course.exercises.catalog import check_files, set_folder
from mlc_course.grading.judging.graded_cells import Work
from mlc_course.grading.judging.item_grader import Assessor
from mlc_course.grading.judging.notebook_session import Session
from mlc_course.grading.judging.own_tests import OwnTestSession, tests_only
from mlc_course.grading.judging.remarks import remarks_to_json
from mlc_course.grading.judging.times import Times
from mlc_course.grading.sandbox.probe import require_box
from mlc_course.grading.sandbox.temporary_folders import remove_leftovers
from mlc_course.grading.workers.fork_client import ForkClient, JobLimits
from mlc_course.grading.workers.import_blocker import uses_torch
from mlc_course.grading.workers.kernel_forker import KernelForker
from mlc_course.grading.workers.prefetch import KernelPrefetch
from mlc_course.root import course_root
from mlc_ref.language import Language, parse_language


@dataclass(frozen=True)
class Settings:
    """Limits of grading one notebook."""

    times: Times = field(default_factory=Times)
    job: JobLimits = field(default_factory=JobLimits)


class ChecksChanged(RuntimeError):
    """The checks are not those that grading began with."""


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
        self._judge = ForkClient("judge", (stem,), readable, str(root))
        self._runner = ForkClient("run")
        self._kernels = KernelForker(("torch",) if uses_torch(stem) else ())
        self._ahead = KernelPrefetch(self._kernels)
        self._judge.start()
        self._runner.start()
        self._kernels.start()
        self._tasks: list[dict[str, Any]] | None = None

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """Descriptions of the set's tasks."""
        if self._tasks is None:
            with self._judge.job() as job:
                job.channel.send({"describe": self.stem})
                self._tasks = job.channel.receive(60)["tasks"]
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
            ``{"stem", "version", "items": {item: report}, "outputs": {cell id: outputs}, "remarks", "unjudged",
            "internal_errors"}``: what was recovered of the notebook, what could not be judged for reasons that are not the
            answer's (``remarks``), and which of these items may be judged when the notebook is graded again.
        """
        language = parse_language(notebook.metadata.get("mlc", {}).get("language", "en"))
        work = Work(notebook, {task["name"]: task for task in self.tasks})
        unreadable = bool(work.mlc.get("unreadable"))
        outcomes: dict[str, Any] = {}
        if (work.checks or work.tests) and not unreadable:
            run_sync(self._run)(work, data_folder, language, another_follows, outcomes)
        items = {name: work.report(name, outcomes.get(name), language) for name in work.items}
        result = {
            "stem": self.stem,
            "version": self.version,
            "items": items,
            "outputs": {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"},
            "remarks": remarks_to_json(work.mlc.get("remarks", [])),
            "unjudged": {name: {"en": text.en, "zh": text.zh} for name, text in work.unjudged.items()},
            "internal_errors": sorted(work.internal_errors),
        }
        # Texts may hold halves of characters, which no file can.
        return dict(json.loads(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")))

    async def _run(
        self, work: Work, folder: str | None, language: Language, another_follows: bool, outcomes: dict[str, Any]
    ) -> None:
        """Run the notebook, and once more for the tests of the instructor's own, if there are any."""
        assessor = Assessor(self.stem, self.tasks, self._judge, self._runner, self.settings.job)

        async def run(kind: type[Session], notebook: Any, checks: Any, skipped: set[int], follows: bool) -> None:
            environment: dict[str, str] = {"MLC_LANG": language}
            session = kind(notebook, checks, assessor, folder or "", environment, self.settings.times)
            session.kernels, session.another_follows = self._ahead, follows
            session.skipped |= skipped
            await session.run()
            outcomes.update(session.outcomes)
            work.unjudged.update(session.unjudged)
            work.internal_errors |= set(session.unjudged)

        judged = work.judged
        await run(Session, work.notebook, work.checks, judged - set(work.checks), another_follows or bool(work.tests))
        if work.tests:
            notebook, tests, after = tests_only(work.notebook, work.tests)
            await run(OwnTestSession, notebook, tests, (judged - set(work.tests)) | after, another_follows)

    def stop(self) -> None:
        """End the boxed processes."""
        run_sync(self._ahead.end)()
        self._judge.stop()
        self._runner.stop()
        self._kernels.stop()


class Graders:
    """The graders of a process: one a set of a course, kept warm until the set's checks change."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Path, str], Grader] = {}

    def grader_for(self, stem: str) -> Grader:
        """The grader of a set by the checks as they are now; one that knows others is ended.

        Raises:
            NoSandbox: this machine cannot make a box that holds.
            UnknownStem: there is no such exercise set.
        """
        place = course_root(), stem
        kept = self._kept.get(place)
        if kept is None or kept.version != checks_version(stem):
            self._end(place)
            kept = self._kept[place] = Grader(stem)
        return kept

    def grade(
        self, stem: str, notebook: NotebookNode, data: str | None, *, version: str = "", another_follows: bool = False
    ) -> dict[str, Any]:
        """Grade by a stated version of the checks, or by the one found at the beginning; arguments as of ``Grader.grade``.

        Raises:
            ChecksChanged: the checks are not of that version before grading, or no longer are after it: the boxed
                process loads them some time after it was started, so that a result may stem from either.
        """
        grader = self.grader_for(stem)
        version = version or grader.version
        _require_version(stem, version, grader.version)
        result = grader.grade(notebook, data, another_follows=another_follows)
        _require_version(stem, version, checks_version(stem))
        return result

    def stop(self) -> None:
        """End the graders."""
        for place in list(self._kept):
            self._end(place)

    def _end(self, place: tuple[Path, str]) -> None:
        if grader := self._kept.pop(place, None):
            grader.stop()


GRADERS = Graders()  # of this process; nbgrader makes what uses them, and hands nothing in


def _require_version(stem: str, wanted: str, found: str) -> None:
    if found != wanted:
        raise ChecksChanged(
            f"the checks of {stem} changed while the class was graded (from {wanted} to {found}); run `mlc grade` again"
        )


def checks_version(stem: str) -> str:
    """Changes when the checks of a set, the code they stand on, or the grader itself change.

    The checks are read at each call. The code is read once in a process, which goes on with the grader that it has
    loaded: a server that has been running since before an update of the course has to be restarted to grade by it.
    """
    digest = hashlib.sha256(_code_digest())
    for path in check_files(set_folder(stem)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def _code_digest() -> bytes:
    """Of the code that checks stand on and of the grader, as this process found them."""
    import mlc_ref

    package, grader = Path(mlc_ref.__path__[0]), Path(__file__).parents[1]
    files = [
        *package.rglob("*.py"),
        *grader.rglob("*.py"),
        *grader.rglob("*.json"),
        *(grader.parent / "exercises").glob("*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.digest()
