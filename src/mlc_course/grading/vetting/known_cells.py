"""What an assignment says of its cells, as nbgrader's gradebook has it."""

from dataclasses import dataclass
from typing import Any

from mlc_course.exercises.notebooks import SCHEMA_VERSION


@dataclass(frozen=True)
class Known:
    """What the assignment says of one nbgrader cell."""

    cell_type: str
    source: str
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float = 0.0

    def metadata(self, grade_id: str) -> dict[str, Any]:
        """nbgrader's metadata of the cell."""
        data = {"grade_id": grade_id, "grade": self.grade, "solution": self.solution, "locked": self.locked}
        data |= {"task": self.task, "schema_version": SCHEMA_VERSION, "cell_type": self.cell_type}
        return data | ({"points": self.points} if self.grade or self.task else {})

    @property
    def judged(self) -> bool:
        """Whether it is a check cell: code that is graded and not the student's to write."""
        return self.grade and not self.solution and self.cell_type == "code"


def known_cells(notebook: Any) -> dict[str, Known]:
    """The cells of an assignment's notebook as nbgrader's gradebook has them, in their order."""
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    grades, tasks = ({c.name for c in cells} for cells in (notebook.grade_cells, notebook.task_cells))
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: Known(
            cell.cell_type,
            cell.source,
            grade=cell.name in grades,
            solution=cell.name in solutions,
            locked=bool(cell.locked),
            task=cell.name in tasks,
            points=points.get(cell.name, 0.0),
        )
        for cell in notebook.source_cells
    }
