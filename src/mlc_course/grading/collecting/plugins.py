"""``nbgrader zip_collect``: notebooks out of what was downloaded, with each student's archive held to that student.

A file or archive called ``<student>_<assignment>`` is the student's own work: whatever is in it counts as that
student's. Any other archive is the class's, as a learning platform makes it.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Bool, Integer, List, Unicode

from mlc_course.grading.classroom.gradebook import time_in
from mlc_course.grading.collecting.downloads import Downloads
from mlc_course.grading.collecting.handins import HandIn, Row, choose
from mlc_course.grading.collecting.names import shown, student_name
from mlc_course.grading.collecting.owners import ByCollector, ByName, Owner, plain_name
from mlc_course.grading.collecting.table import table

DASHED = r"^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)"
OWN_TIMES = 3600  # seconds; times of an archive that lie closer together may be those of packing


class HandInCollector(FileNameCollectorPlugin):
    """Says whose an extracted file is, as the extractor found, or by ``named_regexp`` where an instructor sets one."""

    known: dict[str, dict[str, str]]

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.known = {}

    def collect(self, submitted_file: str) -> dict | None:
        """Student, file and time of a file; `known` holds what stands in no name."""
        found = (super().collect(submitted_file) if self.named_regexp else {}) or {}
        if found.get("timestamp"):
            # nbgrader's documented form, which its own reader takes to the hour.
            found["timestamp"] = re.sub(rf"{DASHED}$", r"\1 \2:\3:\4", found["timestamp"])
        known = self.known.get(os.path.normpath(submitted_file))
        if known is None and not self.named_regexp and self.parent is not None:
            return self._by_name(Path(submitted_file).name)
        return found if known is None else {**known, **{key: value for key, value in found.items() if value}}

    def _by_name(self, name: str) -> dict | None:
        """Whose a file is that another extractor wrote."""
        owner = ByName(notebooks_of(self.parent)).owner((name,))
        if not isinstance(owner, Owner) or owner.problem:
            return None
        return {"student_id": owner.student, "file_id": owner.file}


class BoundedExtractor(ExtractorPlugin):
    """Writes the notebook to take of every student to ``extracted/``, and nothing else; tells what became of the others."""

    zip_ext = List(Unicode(), [".zip", ".gz", ".tgz", ".tar"], help="Endings of archives that are opened.").tag(
        config=True
    )
    table_rows = Integer(100, min=1, help="Rows of each kind in the table at the end.").tag(config=True)
    write_times = Bool(
        True,
        help="Whether the times that an archive keeps of its files become the hand-ins' in timestamp.txt. Times of "
        "downloaded files, of Moodle's and Canvas's archives (they are those of packing), and of archives whose times all "
        "lie within an hour never do.",
    ).tag(config=True)

    rows: list[Row]
    others: Sequence[str] = ()

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Find, choose and write; nbgrader then moves what was written, and the table follows."""
        app, extracted = self.parent, Path(extracted_path)
        rule, mirror = self._rule(app, extracted)
        with tempfile.TemporaryDirectory(prefix=".reading-", dir=extracted) as spool:
            downloads = Downloads(rule, Path(spool), mirror=mirror, opened=tuple(e.lower() for e in self.zip_ext))
            downloads.read(Path(archive_path))
            taken, rows = choose(downloads.found)
            problems = {one.content: problem for one in taken if (problem := _write_problem(one, extracted))}
        rows += [_row(one, "passed over", problems[one.content]) for one in taken if one.content in problems]
        taken = [one for one in taken if one.content not in problems]
        self.rows, self.others = [*downloads.rows, *rows], downloads.others
        roster = roster_of(app)
        self.rows += [_taken_row(one, roster) for one in taken]
        if app is not None:
            self._tell_collector(app, taken, downloads.found, extracted)
            self.rows += _not_handed_in(app, roster, {one.owner.student for one in taken})
            _then(app, self._finish, taken)

    def _rule(self, app: Any, extracted: Path) -> tuple[Any, bool]:
        from mlc_course.exercises.catalog import exercise_stems

        stems = exercise_stems()
        notebooks = notebooks_of(app) if app is not None else stems
        collector = getattr(app, "collector_plugin_inst", None)
        if collector is not None and (collector.named_regexp or not isinstance(collector, HandInCollector)):
            return ByCollector(collector, extracted, notebooks, strict=app.strict), True
        roster = {student_name(name): name for name in roster_of(app)}
        return ByName(notebooks, [stem for stem in stems if stem not in notebooks], roster), False

    def _tell_collector(self, app: Any, taken: list[HandIn], found: Sequence[HandIn], extracted: Path) -> None:
        if not isinstance(app.collector_plugin_inst, HandInCollector):
            return
        own_times = _archives_with_times(found) if self.write_times else set()
        for one in taken:
            known = {"student_id": one.owner.student, "file_id": one.owner.file}
            time = _kept_time(app, one, extracted / one.target) or _hand_in_time(one, own_times)
            app.collector_plugin_inst.known[os.path.normpath(extracted / one.target)] = known | (
                {"timestamp": time} if time else {}
            )

    def _finish(self, app: Any, taken: list[HandIn], process: Any) -> None:
        full = {one.owner.student for one in taken if not app.force and _full(app, one.owner.student)}
        if full:
            names = ", ".join(map(shown, sorted(full)[:5])) + (", …" if len(full) > 5 else "")
            app.fail(
                f"Nothing was collected: of {len(full)} students ({names}) a submission is there already. "
                "With --force, it is replaced by the one collected now."
            )
        process()
        print(table(app.coursedir.assignment_id, self.rows, others=self.others, longest=self.table_rows))


def _then(app: Any, finish: Any, taken: list[HandIn]) -> None:
    """Have nbgrader's next step, which calls no plugin at its end, go through ``finish``."""
    process = app.process_extracted_files
    app.process_extracted_files = lambda: finish(app, taken, process)


def notebooks_of(app: Any) -> list[str]:
    """Names, without ending, of the assignment's notebooks; its own comes first."""
    from nbgrader.utils import find_all_notebooks

    directory, assignment = app.coursedir, app.coursedir.assignment_id
    released = find_all_notebooks(directory.format_path(directory.release_directory, ".", assignment))
    names = [plain_name(name) for name in released]
    return list(dict.fromkeys([assignment, *names] if assignment in names or not names else names))


def roster_of(app: Any) -> list[str]:
    """Students in the gradebook; none where there is no gradebook or no reading it."""
    from nbgrader.api import Gradebook

    url = app.coursedir.db_url if app is not None else ""
    if not url or (url.startswith("sqlite:///") and not Path(url[len("sqlite:///") :]).is_file()):
        return []
    try:
        with Gradebook(url, app.coursedir.course_id) as gradebook:
            return [student.id for student in gradebook.students]
    except Exception as error:  # a database's driver raises what it likes; collecting needs none
        app.log.warning(
            "The gradebook cannot be read, so nobody is named as not having handed in: %s", str(error)[:200]
        )
        return []


def _submitted(app: Any, student: str) -> Path:
    directory = app.coursedir
    return Path(directory.format_path(directory.submitted_directory, student, directory.assignment_id))


def _full(app: Any, student: str) -> bool:
    folder = _submitted(app, student)
    return folder.is_dir() and any(folder.iterdir())


def _write_problem(one: HandIn, extracted: Path) -> str | None:
    """Write a chosen hand-in, as old as it was handed in; why it could not be written."""
    target = extracted / one.target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(one.content, target)
        if one.moment:
            os.utime(target, (one.moment.seconds, one.moment.seconds))
    except OSError as error:
        return str(error)
    return None


def _row(one: HandIn, outcome: str, why: str) -> Row:
    return Row(outcome, one.owner.student, one.where, one.moment, why)


def _taken_row(one: HandIn, roster: list[str]) -> Row:
    new = ["not in the gradebook"] if roster and one.owner.student not in roster else []
    return _row(one, "taken", "; ".join([*one.remarks, *new]))


def _not_handed_in(app: Any, roster: list[str], taken: set[str]) -> list[Row]:
    return [Row("not handed in", name, "") for name in roster if name not in taken and not _full(app, name)]


def _archives_with_times(found: Sequence[HandIn]) -> set[str]:
    """The archives that keep the times of their files: not all within the hour in which they may have been packed."""
    times: dict[str, list[float]] = {}
    for one in found:
        if one.moment and one.moment.source == "member" and not one.owner.packed_now:
            times.setdefault(one.where.partition(": ")[0], []).append(one.moment.seconds)
    return {archive for archive, seconds in times.items() if max(seconds) - min(seconds) > OWN_TIMES}


def _hand_in_time(one: HandIn, own_times: set[str]) -> str | None:
    known = one.moment is not None and not one.moment.in_future and (
        one.moment.source == "name"
        or (one.moment.source == "member" and not one.owner.packed_now and one.where.partition(": ")[0] in own_times)
    )  # fmt: skip
    return one.moment.utc() if known and one.moment else None


def _kept_time(app: Any, one: HandIn, extracted: Path) -> str | None:
    """The time of the submission that is there already, if it is this very notebook: an instructor may have set it."""
    folder = _submitted(app, one.owner.student)
    before = folder / one.owner.file
    if before.is_symlink() or not before.is_file() or before.stat().st_size != extracted.stat().st_size:
        return None
    time = time_in(folder / "timestamp.txt")
    same = time is not None and before.read_bytes() == extracted.read_bytes()
    return f"{time:%Y-%m-%d %H:%M:%S}+00:00" if same else None
