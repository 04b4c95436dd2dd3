"""Whose a downloaded file is: by its name, by the names that learning platforms make, or by an instructor's collector.

A name decides. Where a platform put its own name around what a student uploaded, only the platform's part does.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlc_course.grading.collecting.names import MAX_PART, name_problem, place_of, shown, student_name
from mlc_course.grading.vetting.archives import archive_ending
from mlc_course.grading.vetting.file_times import Moment, plausible

NOTEBOOK = ".ipynb"
MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d{1,12})_assignsubmission_file_(?P<file>.*)", re.DOTALL)
CANVAS = re.compile(
    r"(?P<student>.+?)_(?P<late>LATE_)?(?P<number>\d{1,20})_(?P<file_id>\d{1,20})_(?P<file>.+)", re.DOTALL
)
# How browsers, systems, Jupyter and Canvas call the second file of a name.
ATTEMPT = re.compile(
    r"(?P<base>.+?)(?:\s?\((?P<a>\d{1,6})\)|-(?P<b>\d{1,6})"
    r"|(?:\s?-\s?|\s)copy(?:\s?\(?(?P<c>\d{1,6})\)?)?|[\s-]{0,3}的?(?:副本|コピー)(?:\s?\(?(?P<d>\d{1,6})\)?)?)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes:
        file: what it is called in the student's folder, with folders below the assignment's if it has any.
        number: the platform's, which tells people of one name apart.
        attempt: the number a browser or platform gave a further file of the same name.
        named: whether the file bears the name of a notebook of the assignment.
        base: its own name without ending and attempt.
        packed_now: the platform writes the time of packing as that of every file.
        moment: the time in its name, if there is one.
        remark: what an instructor should know of it.
        problem: why it is not taken all the same.
    """

    student: str
    file: str
    number: str = ""
    attempt: int = 0
    named: bool = True
    base: str = ""
    packed_now: bool = False
    moment: Moment | None = None
    remark: str = ""
    problem: str = ""


def junk(place: Sequence[str]) -> bool:
    """Whether a file is what systems and Jupyter leave beside others."""
    return any(part in ("__MACOSX", ".ipynb_checkpoints") for part in place) or place[-1].startswith("._")


def plain_name(name: str) -> str:
    """A file's name without the ending of a notebook or an archive."""
    ending = archive_ending(name) or ""
    name = name[: len(name) - len(ending)]
    return name[: -len(NOTEBOOK)] if name.lower().endswith(NOTEBOOK) else name


def attempt_in(name: str) -> tuple[str, int]:
    """A name without what marks it as a further file of that name, and its number (0 for none)."""
    match = ATTEMPT.fullmatch(name)
    if not match:
        return name, 0
    number = match["a"] or match["b"] or match["c"] or match["d"]
    return match["base"], int(number) if number else 1


@dataclass(frozen=True)
class ByName:
    """The course's rule: ``<student>_<notebook>``, or a name Moodle or Canvas made.

    Attributes:
        notebooks: names, without ending, of the assignment's notebooks; the first is its own.
        others: those of other assignments.
        roster: students in the gradebook, by their names as `student_name` writes them.
    """

    notebooks: Sequence[str]
    others: Iterable[str] = ()
    roster: Mapping[str, str] = field(default_factory=dict)

    def wanted(self, name: str) -> bool:
        """Whether a file may be a notebook."""
        return name.lower().endswith(NOTEBOOK)

    def owner(self, place: Sequence[str]) -> Owner | str:
        """Whose a file is, or why that cannot be told."""
        for index, part in enumerate(place):
            match = MOODLE.fullmatch(part)
            if match:
                file = match["file"] if index == len(place) - 1 else place[-1]
                return self._platform(match["student"], match["number"], file)
        name = plain_name(place[-1])
        plain = self._plain(name)
        if isinstance(plain, Owner) and plain.student in self.roster.values():
            return plain
        match = CANVAS.fullmatch(name)
        if match and (match["late"] or len(match["file_id"]) > 3):
            late = "Canvas marks it as late" if match["late"] else ""
            return self._platform(match["student"], match["number"], match["file"], late)
        return plain

    owner_of_archive = owner

    def own(self, owner: Owner, place: Sequence[str]) -> Owner | str:
        """What a file in a student's own archive is."""
        return self._platform(owner.student, owner.number, place[-1])

    def _plain(self, name: str) -> Owner | str:
        base, attempt = attempt_in(name)
        every = {stem.casefold(): stem for stem in (*self.notebooks, *self.others)}
        for text, number in ((name, 0), (base, attempt)):
            match = re.fullmatch(rf"(.+?)_({'|'.join(map(re.escape, every))})", text, re.IGNORECASE | re.DOTALL)
            if match:
                stem = every[match[2].casefold()]
                return self._vetted(match[1], stem, attempt=number, base=text)
        return f"name it <student>_{self.notebooks[0]}{NOTEBOOK}"

    def _platform(self, student: str, number: str, file: str, remark: str = "") -> Owner | str:
        """The owner of what a student uploaded under a name of the student's choice."""
        name = plain_name(file)
        every = {stem.casefold(): stem for stem in (*self.notebooks, *self.others)}
        every |= {f"{student}_{stem}".casefold(): stem for stem in every.values()}
        for text, attempt in ((name, 0), attempt_in(name)):
            if text.casefold() in every:
                stem = every[text.casefold()]
                return self._vetted(student, stem, number=number, attempt=attempt, base=stem, remark=remark)
        text, attempt = attempt_in(name)
        said = {"number": number, "attempt": attempt, "base": text, "named": False, "remark": remark}
        return self._vetted(student, self.notebooks[0], **said)

    def _vetted(self, student: str, stem: str, **said: Any) -> Owner:
        student = student_name(student)
        student = self.roster.get(student, student)
        problem = name_problem(student) or ""
        if stem not in self.notebooks:
            problem = f"a notebook of {stem}, not of {self.notebooks[0]}"
        packed_now = bool(said.get("number"))
        return Owner(student, f"{stem}{NOTEBOOK}", packed_now=packed_now, problem=problem, **said)


class ByCollector:
    """An instructor's rule: a pattern or a collector plugin, which is asked with the path a file is extracted to.

    Args:
        collector: nbgrader's plugin.
        extracted: the folder files are extracted to.
        notebooks: names, without ending, of the assignment's notebooks.
        strict: take no notebook of another name.
    """

    def __init__(self, collector: Any, extracted: Path, notebooks: Sequence[str], *, strict: bool = False):
        self._collector, self._extracted, self._strict = collector, extracted, strict
        self._notebooks = [f"{name}{NOTEBOOK}" for name in notebooks]
        self._endings = tuple(ending.lower() for ending in getattr(collector, "valid_ext", [NOTEBOOK]))

    def wanted(self, name: str) -> bool:
        """Whether the collector takes files with this ending."""
        return os.path.splitext(name)[1].lower() in self._endings

    def owner(self, place: Sequence[str]) -> Owner | str:
        """What the collector says of a file, held to what may become a path."""
        place = (*place[:-1], as_extracted(place[-1]))
        info = self._collector.collect(str(self._extracted.joinpath(*place)))
        if not info:
            return "the collector (named_regexp) finds no student in its path"
        student, file = (info.get(key) for key in ("student_id", "file_id"))
        if not isinstance(student, str) or not isinstance(file, str):
            return "the collector (named_regexp) gives no student_id or no file_id for it"
        file = os.path.splitext(file)[0] + os.path.splitext(place[-1])[1]
        moment, wrong = _time_in_name(info.get("timestamp"))
        problem = name_problem(student) or _file_problem(file) or wrong
        unknown = file.endswith(NOTEBOOK) and file not in self._notebooks
        remark = f"the assignment has no notebook {shown(file)}" if unknown else ""
        if unknown and self._strict:
            problem = problem or f"{remark} (--strict)"
        return Owner(student, file, base=file, moment=moment, problem=problem, remark=remark)

    def owner_of_archive(self, place: Sequence[str]) -> Owner | str:
        """Whose a downloaded archive is; one whose name gives no notebook of the assignment is the class's."""
        found = self.owner(place)
        if isinstance(found, Owner) and found.file not in self._notebooks:
            return "an archive of the class"
        return found

    def own(self, owner: Owner, place: Sequence[str]) -> Owner | str:
        """What the collector says of a file in a student's own archive, if it is that student's."""
        found = self.owner(place)
        if isinstance(found, Owner) and found.student != owner.student:
            return f"in an archive of {shown(owner.student)}, but by its name {shown(found.student)}'s"
        return found


def as_extracted(name: str) -> str:
    """A file's name with its ending in lower case, as nbgrader compares it; an archive's with that of a notebook."""
    if archive_ending(name):
        return plain_name(name) + NOTEBOOK
    stem, ending = os.path.splitext(name)
    return stem + ending.lower()


def _time_in_name(said: Any) -> tuple[Moment | None, str]:
    from nbgrader.utils import parse_utc

    if not said:
        return None, ""
    try:
        seconds = plausible((parse_utc(said) - _epoch()).total_seconds())
    except (ValueError, OverflowError, TypeError, AttributeError):
        seconds = None
    return (Moment(seconds, "name"), "") if seconds is not None else (None, f"no time: {shown(str(said))}")


def _epoch() -> Any:
    from datetime import datetime

    return datetime(1970, 1, 1)


def _file_problem(file: str) -> str:
    try:
        parts = place_of(file)
    except ValueError as error:
        return str(error)
    hidden = any(part.startswith((".", "-")) or part[-1] in " ." for part in parts)
    return "a name that begins or ends like an option or a hidden file" if hidden else ""


def mirrored(place: Sequence[str]) -> str:
    """Where a file is extracted to, below the folder for extracted files: as it lay in folders and archives.

    Raises:
        ValueError: a file system would not take it.
    """
    path = "/".join((*place[:-1], as_extracted(place[-1])))
    if len(path.encode()) > 4 * MAX_PART:
        raise ValueError(f"a path of {len(path.encode())} bytes, at most {4 * MAX_PART} are allowed")
    return path
