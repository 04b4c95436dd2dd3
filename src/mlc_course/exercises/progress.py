"""What a learner has done across the course, in a plain file of their own.

``check(...)`` in a notebook and ``mlc check`` add to it, ``mlc progress`` shows it; a grader never touches it. The file
is JSON: for each set and item the best score, the points there are, and when it was last checked::

    {"format": 1, "sets": {"gpu": {"bind": {"earned": 4, "points": 4, "checked": "2026-05-04T10:20:00+00:00"}}}}

It is ``progress.json`` in the user's data folder, or the file that ``MLC_PROGRESS_FILE`` names.
"""

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from mlc_ref.checks.task import Report
from mlc_ref.language import Language, Text, TextError

FILE = "MLC_PROGRESS_FILE"
FORMAT = 1
WAIT = 10  # seconds for another process that is writing
_SET_ASIDE = Text(
    "{path} cannot be read as progress ({reason}). It was kept as {kept}, and a new file begun.",
    "{path} 无法作为学习进度读取（{reason}）。原文件已保留为 {kept}，并新建了一个文件。",
)
_NEWER = Text(
    "The progress has format {found}, this course knows up to {known}: a newer version wrote it; update this one.",
    "学习进度的格式是 {found}，本课程只认识到 {known}：它由更新的版本写出，请更新本课程。",
)
_LOCKED = Text(
    "{path}: another process has been writing for a while. Try again; if none is running, remove {path}.lock.",
    "{path}：另一个进程一直在写入。请重试；如果没有别的进程，请删除 {path}.lock。",
)
_NOT_USED = Text(
    "{path}: {reason}. See that you may write it and that its disk has room, or name another file with MLC_PROGRESS_FILE.",
    "{path}：{reason}。请确认你有权写入它、磁盘也有空间，或用 MLC_PROGRESS_FILE 指定别的文件。",
)
_NOT_KEPT = Text("The progress was not written to {path}: {reason}", "学习进度未能写入 {path}：{reason}")


class ProgressProblem(TextError):
    """The file cannot be used; one sentence says why and what to do."""


@dataclass(frozen=True)
class ItemProgress:
    """One item: its best score, the points there are, and the time of the last check (ISO 8601)."""

    earned: int
    points: int
    checked: str

    @property
    def passed(self) -> bool:
        return self.earned == self.points

    def better_of(self, later: "ItemProgress") -> "ItemProgress":
        """After a later check: the best score stays, unless the points there are have changed since."""
        best = max(self.earned, later.earned) if self.points == later.points else later.earned
        return ItemProgress(best, later.points, later.checked)


Progress = dict[str, dict[str, ItemProgress]]


def progress_file() -> Path:
    """Where the progress is kept; links are followed, so that writing keeps them."""
    given = os.environ.get(FILE)
    path = Path(given).expanduser() if given else user_data_path("mlc-course", appauthor=False) / "progress.json"
    return path.resolve()


def read_progress(path: Path, language: Language) -> Progress:
    """What the file says; nothing where there is none. A file that holds something else is set aside with a message.

    Raises:
        ProgressProblem: the file was written by a newer version of the course, or may not be read.
    """
    with _locked(path):
        return _read(path, language)


def record(stem: str, reports: Iterable[Report], language: Language) -> None:
    """Add what was judged. A file that cannot be written is told on standard error and stops nothing."""
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    found = {report.name: ItemProgress(int(report.score), int(report.points), now) for report in reports}

    def add(progress: Progress) -> None:
        known = progress.setdefault(stem, {})
        known.update({n: known[n].better_of(item) if n in known else item for n, item in found.items()})

    path = progress_file()
    try:
        _change(path, add, language)
    except (OSError, ProgressProblem) as error:
        reason = error.text if isinstance(error, ProgressProblem) else Text.english(str(error))
        print(_NOT_KEPT.format(path=path, reason=reason).get(language), file=sys.stderr)


def forget(stem: str | None, language: Language) -> None:
    """Remove one set, or all, from the file.

    Raises:
        ProgressProblem: as ``read_progress``, or the file may not be written.
    """

    def remove(progress: Progress) -> None:
        for name in [stem] if stem else list(progress):
            progress.pop(name, None)

    path = progress_file()
    try:
        _change(path, remove, language)
    except OSError as error:
        raise ProgressProblem(_NOT_KEPT.format(path=path, reason=Text.english(str(error)))) from error


def _change(path: Path, change: Callable[[Progress], None], language: Language) -> None:
    with _locked(path):
        progress = _read(path, language)
        change(progress)
        _write(path, progress)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lets one process at a time read, change and write."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{path}.lock", timeout=WAIT)
        lock.acquire()
    except Timeout as error:
        raise ProgressProblem(_LOCKED.format(path=path)) from error
    except OSError as error:
        raise ProgressProblem(_NOT_USED.format(path=path, reason=Text.english(str(error)))) from error
    try:
        yield
    finally:
        lock.release()


def _read(path: Path, language: Language) -> Progress:
    try:
        text = path.read_text("utf-8")
        return _parsed(json.loads(text))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ProgressProblem(_NOT_USED.format(path=path, reason=Text.english(str(error)))) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        kept = _free_name(path)
        path.rename(kept)
        reason = Text.english(str(error) or type(error).__name__)
        print(_SET_ASIDE.format(path=path, reason=reason, kept=kept).get(language), file=sys.stderr)
        return {}


def _parsed(data: dict) -> Progress:
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise ProgressProblem(_NEWER.format(found=data["format"], known=FORMAT))
    if data["format"] != FORMAT:
        raise ValueError(f"format: got {data['format']!r}, allowed {FORMAT}")
    return {stem: {name: _item(item) for name, item in items.items()} for stem, items in data["sets"].items()}


def _item(data: dict) -> ItemProgress:
    item = ItemProgress(**data)
    if type(item.earned) is not int or type(item.points) is not int or not 0 <= item.earned <= item.points:
        raise ValueError(f"got {item.earned!r} of {item.points!r} points")
    datetime.fromisoformat(item.checked)
    return item


def _write(path: Path, progress: Progress) -> None:
    """Put a complete file in the place of the old one: a reader, or a crash, never meets half a file."""
    sets = {stem: {name: asdict(item) for name, item in items.items()} for stem, items in progress.items()}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False) as file:
        json.dump({"format": FORMAT, "sets": sets}, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def _free_name(path: Path) -> Path:
    """A name beside the file that no file has."""
    number = 1
    while (kept := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return kept
