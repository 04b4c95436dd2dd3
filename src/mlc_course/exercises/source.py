"""Read one bilingual exercise set, ``exercises/<stem>/exercise.md``, and check that it is well formed.

The file is a MyST notebook. Markdown cells come in pairs, English then Chinese; code cells appear once
and say their role, and which item they belong to, in option lines.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from mlc_ref.checks.task import Task
from mlc_ref.language import LANGUAGES, Language

Role = Literal["prose", "setup", "answer", "check", "example"]
CODE_ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "prose")
ITEM_NAME = re.compile(r"[a-zA-Z0-9_-]+")
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


class ExerciseError(ValueError):
    """An exercise source is malformed; the message names the file, the cell and what is allowed."""


@dataclass(frozen=True)
class Cell:
    """One cell of the source.

    Attributes:
        number: place in the file, the first cell is 1.
        language: of a ``prose`` cell; ``None`` for code, which both languages share.
        item: name of the task an ``answer`` or ``check`` cell belongs to, otherwise ``None``.
    """

    number: int
    role: Role
    source: str
    language: Language | None = None
    item: str | None = None

    @property
    def place(self) -> str:
        """How messages point at the cell."""
        first = next(iter(self.source.splitlines()), "")
        return f"cell {self.number} ({first[:60]!r})"


@dataclass(frozen=True)
class CheckCall:
    """What a check cell says: ``check("<item>", <answer>)``."""

    item: str
    answer: str


@dataclass(frozen=True)
class Exercise:
    """A parsed exercise set."""

    stem: str
    path: Path
    cells: tuple[Cell, ...]


def read_exercise(path: Path, tasks: Sequence[Task]) -> Exercise:
    """Parse and validate ``exercise.md`` against the tasks of its ``checks/``.

    Raises:
        ExerciseError: naming the file and the cell.
    """
    import jupytext

    if not path.is_file():
        raise ExerciseError(f"{path}: there is no such file; an exercise set needs exercise.md and checks/")
    try:
        notebook = jupytext.reads(path.read_text("utf-8"), fmt="md:myst")
    except Exception as error:  # jupytext passes on the errors of its YAML, JSON and Markdown parsers
        raise ExerciseError(f"{path}: not a MyST notebook: {error}") from error
    exercise = Exercise(path.parent.name, path, tuple(_cell(path, n, cell) for n, cell in enumerate(notebook.cells, 1)))
    _check_pairs(exercise)
    _check_items(exercise, tasks)
    return exercise


def parse_check(source: str) -> CheckCall | None:
    """The item and the answer's expression of a check cell, or ``None`` if it is something else."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return None
    call = statements[0].value if len(statements) == 1 and isinstance(statements[0], ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"):
        return None
    if call.keywords or len(call.args) != 2 or not isinstance(call.args[0], ast.Constant):
        return None
    item, answer = call.args[0].value, call.args[1]
    return CheckCall(item, ast.unparse(answer)) if isinstance(item, str) else None


def _cell(path: Path, number: int, cell: Any) -> Cell:
    allowed = {"lang"} if cell.cell_type == "markdown" else {"role", "item"}
    unknown = sorted(set(cell.metadata) - allowed)
    role = "prose" if cell.cell_type == "markdown" else cell.metadata.get("role", "none")
    made = Cell(number, cast(Role, role), cell.source, cell.metadata.get("lang"), cell.metadata.get("item"))
    where = f"{path}, {made.place}"
    if unknown:
        raise ExerciseError(f"{where}: got option {unknown[0]!r}, allowed {', '.join(sorted(allowed))}")
    if role == "prose":
        if made.language not in LANGUAGES:
            raise ExerciseError(f'{where}: text begins with +++ {{"lang": "en"}} or "zh", got {made.language!r}')
        return made
    if role not in CODE_ROLES:
        raise ExerciseError(f"{where}: got role {role!r}, allowed {', '.join(CODE_ROLES)}; write a line :role: …")
    if (made.item is not None) != (role in ("answer", "check")):
        raise ExerciseError(f"{where}: answer and check cells have an :item:, other cells have none")
    if made.item is not None and not ITEM_NAME.fullmatch(str(made.item)):
        raise ExerciseError(f"{where}: got item {made.item!r}, allowed letters, digits, - and _")
    return made


def _check_pairs(exercise: Exercise) -> None:
    """English and Chinese text alternate, with no code between the two of a pair."""
    expected: Language = "en"
    previous: Cell | None = None
    for cell in exercise.cells:
        if cell.role != "prose":
            if expected == "zh":
                break
            continue
        if cell.language != expected:
            raise ExerciseError(
                f"{exercise.path}, {cell.place}: expected text in {expected!r}, got {cell.language!r}; "
                "text comes in pairs, en then zh"
            )
        expected, previous = ("zh" if expected == "en" else "en"), cell
    if expected == "zh" and previous is not None:
        raise ExerciseError(f"{exercise.path}, {previous.place}: this English text has no Chinese text right after it")


def _check_items(exercise: Exercise, tasks: Sequence[Task]) -> None:
    path, names = exercise.path, [task.name for task in tasks]
    for cell in exercise.cells:
        where = f"{path}, {cell.place}"
        if cell.item is not None and cell.item not in names:
            raise ExerciseError(f"{where}: item {cell.item!r} has no file in checks/, which has {', '.join(names)}")
        if cell.role == "check":
            call = parse_check(cell.source)
            if call is None or call.item != cell.item:
                raise ExerciseError(f'{where}: a check cell is exactly check("{cell.item}", <answer>)')
        _check_solution_marks(where, cell)
    for name in names:
        roles = [cell.role for cell in exercise.cells if cell.item == name]
        if roles != ["answer", "check"]:
            raise ExerciseError(
                f"{path}: item {name!r} of checks/ needs one answer cell and then one check cell, "
                f"got {', '.join(roles) or 'none'}"
            )


def _check_solution_marks(where: str, cell: Cell) -> None:
    lines = [line.strip() for line in cell.source.splitlines()]
    marks = [line for line in lines if line in (BEGIN_SOLUTION, END_SOLUTION)]
    loose = [line for line in lines if ("BEGIN SOLUTION" in line or "END SOLUTION" in line) and line not in marks]
    if loose:
        raise ExerciseError(f"{where}: got {loose[0]!r}, allowed {BEGIN_SOLUTION!r} and {END_SOLUTION!r}")
    pairs = len(marks) // 2
    if cell.role == "answer" and (not marks or marks != [BEGIN_SOLUTION, END_SOLUTION] * pairs):
        raise ExerciseError(f"{where}: an answer cell has its solution between {BEGIN_SOLUTION} and {END_SOLUTION}")
    if cell.role != "answer" and marks:
        raise ExerciseError(f"{where}: only answer cells hold a solution, got {marks[0]!r}")
    if "BEGIN HIDDEN TESTS" in cell.source:
        raise ExerciseError(f"{where}: hidden tests belong into checks/, which learners do not get")


def answer_id(item: str) -> str:
    """nbgrader's grade id of the answer cell of an item; the check cell's is the item's name."""
    return f"{item}-answer"
