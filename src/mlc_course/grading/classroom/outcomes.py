"""How grading a class ended: an outcome for each submission, and the table and the summary an instructor reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlc_course.grading.classroom.standing import Standing, with_zone
from mlc_course.grading.judging.remarks import grouped_remarks
from mlc_course.grading.judging.results import unjudged_of
from mlc_course.terminal import one_line, printable, table

MAX_STUDENT, MAX_NOTE, MAX_REASON, MAX_NAMED = 60, 600, 200, 10


@dataclass(frozen=True)
class Outcome:
    """How grading one submission ended.

    Attributes:
        points: that can be had.
        recorded: whether the score stands in the gradebook.
        before: whether it was there before this run.
        notes: what an instructor should know beside the score, or why there is none.
    """

    score: float = 0.0
    points: float = 0.0
    recorded: bool = False
    before: bool = False
    notes: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The score out of the points; a dash where nothing was graded."""
        return f"{self.score:g}/{self.points:g}" if self.recorded else "–"

    @property
    def note(self) -> str:
        """All there is to say beside the mark, printable, on one line."""
        first = ("graded before",) if self.before else () if self.recorded else ("not graded",)
        said = "; ".join(one_line(note, MAX_NOTE) for note in (*first, *self.notes) if note)
        return said if self.recorded else said.replace("; ", ": ", 1)

    def __str__(self) -> str:
        return (
            f"{self.mark} ({self.note})" if self.recorded and self.note else self.mark if self.recorded else self.note
        )


def recorded(
    standing: Standing, points: dict[str, float], remarks: str, result: dict[str, Any], *, before: bool
) -> Outcome:
    """The outcome of a submission whose score is in the gradebook."""
    unjudged = [f"{item} ({one_line(reason, MAX_REASON)})" for item, reason in unjudged_of(result).items()]
    notes = (
        f"not judged: {', '.join(unjudged)}" if unjudged else "",
        *(one_line(remark, MAX_REASON) for remark in grouped_remarks(result)),
        remarks,
        f"points by hand are due: {', '.join(standing.by_hand)}" if standing.by_hand else "",
        _late(standing),
    )
    score = round(max(0.0, standing.score - standing.penalty), 2)
    return Outcome(score, sum(points.values()), True, before, tuple(note for note in notes if note))


def _late(standing: Standing) -> str:
    if standing.timestamp is None or standing.due is None or standing.timestamp <= standing.due:
        return ""
    taken = f"{round(standing.penalty, 2):g} taken off" if standing.penalty else "nothing taken off"
    return f"late: handed in {with_zone(standing.timestamp)}, due {with_zone(standing.due)}, {taken}"


@dataclass
class GradedClass:
    """What became of a class.

    Attributes:
        outcomes: of each submission, by student.
        absent: students of the gradebook without a submission.
        gone: students whose submission is in the gradebook, but whose folder is no longer in ``submitted/``.
        stale: students with a folder in ``autograded/``, but neither in the gradebook nor in ``submitted/``.
        renamed: students whose marks went along with their folder, old name to new one.
        log: what libraries said, if they said anything.
    """

    assignment: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    log: Path | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.outcomes)

    def __contains__(self, student: object) -> bool:
        return student in self.outcomes

    def __getitem__(self, student: str) -> Outcome:
        return self.outcomes[student]

    @property
    def complete(self) -> bool:
        """Whether every submission is in the gradebook."""
        return all(outcome.recorded for outcome in self.outcomes.values())

    def table(self) -> str:
        """A line for each submission."""
        lines = [(_cut(printable(name)), outcome.mark, outcome.note) for name, outcome in sorted(self.outcomes.items())]
        return table([("student", "score", "remarks"), *lines])

    def summary(self) -> str:
        """How many were graded, who was not, and who handed in nothing."""
        graded = {name: outcome for name, outcome in self.outcomes.items() if outcome.recorded}
        before = sum(outcome.before for outcome in graded.values())
        missed = self.outcomes.keys() - graded.keys()
        lines = [
            f"{self.assignment}: {_counted(len(self.outcomes), 'submission')}. {len(graded) - before} graded, "
            f"{before} graded before, {len(missed)} not graded{_names(missed)}.",
            f"Handed in nothing: {len(self.absent)}{_names(self.absent)}." if self.absent else "",
            *(f"{printable(old)} is now {printable(new)}: the marks went along." for old, new in self.renamed.items()),
            f"In the gradebook, but no longer in submitted/{_names(self.gone)}. Put the folder back, or remove the student, with "
            "everything that was entered by hand (`nbgrader db student remove NAME --force`)." if self.gone else "",
            f"In autograded/, but neither in the gradebook nor in submitted/{_names(self.stale)}. Remove the folder, or "
            "put the submission back." if self.stale else "",
            f"What nbgrader and other libraries said is in {self.log}." if self.log else "",
        ]  # fmt: skip
        return "\n".join(line for line in lines if line)


def _cut(name: str) -> str:
    return name if len(name) <= MAX_STUDENT else name[: MAX_STUDENT - 1] + "…"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _name(name: str) -> str:
    """A name in a list; in quotation marks where it would run into the others."""
    return printable(name) if name.replace("_", "").isalnum() else f'"{printable(name)}"'


def _names(names: Iterable[str]) -> str:
    first = sorted(names)
    return f": {', '.join(map(_name, first[:MAX_NAMED]))}{', …' if len(first) > MAX_NAMED else ''}" if first else ""
