"""What nbgrader's gradebook holds of a class, read with one query, however many students there are."""

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any


@dataclass
class Standing:
    """What the gradebook holds of one student's submission; times are UTC without saying so, as nbgrader keeps them.

    Attributes:
        due: the assignment's due date, with the student's extension.
        penalty: points taken off for being late.
        automatic: cell to the points that were given by checks, None where none were.
        scores: cell to the points that count: those given by hand take the place of automatic ones.
        by_hand: cells that wait for somebody to give points.
    """

    timestamp: datetime | None
    due: datetime | None
    penalties: dict[str, float] = field(default_factory=dict)
    automatic: dict[str, float | None] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)

    @property
    def penalty(self) -> float:
        """Points taken off in all notebooks."""
        return sum(self.penalties.values())

    @property
    def score(self) -> float:
        """Points of all cells, before the penalty."""
        return sum(self.scores.values())


def standings(gradebook: Any, assignment: str, student: str | None = None) -> dict[str, Standing]:
    """Everyone who has a submission of the assignment in the gradebook, or that one student."""
    from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    query = (
        select(
            SubmittedAssignment.student_id, SubmittedAssignment.timestamp, SubmittedAssignment.extension, Assignment.duedate,
            SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty,
            BaseCell.name, Grade.auto_score, Grade.score, Grade.needs_manual_grade,
        )
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .outerjoin(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == assignment)
        .order_by(BaseCell.name)
    )  # fmt: skip
    if student is not None:
        query = query.where(SubmittedAssignment.student_id == student)
    found: dict[str, Standing] = {}
    for name, handed_in, extension, duedate, notebook, penalty, cell, automatic, score, by_hand in gradebook.db.execute(
        query
    ):
        due = duedate + extension if duedate and extension else duedate
        one = found.setdefault(name, Standing(handed_in, due))
        one.penalties[notebook] = penalty or 0.0
        if cell is not None:
            one.automatic[cell], one.scores[cell] = automatic, score
            one.by_hand += [cell] if by_hand else []
    return found


def roster(gradebook: Any) -> list[Any]:
    """The students of the gradebook (``id``, ``last_name``, ``first_name``, ``email``), in nbgrader's order."""
    from nbgrader.api import Student
    from sqlalchemy import select

    columns = (Student.id, Student.last_name, Student.first_name, Student.email)
    query = select(*columns).order_by(Student.last_name, Student.first_name, Student.id)
    return list(gradebook.db.execute(query))


def with_zone(time: datetime | None) -> str:
    """A time of the gradebook as ISO 8601 writes it, with its zone; empty for none."""
    return "" if time is None else time.replace(tzinfo=timezone.utc).isoformat(timespec="seconds")
