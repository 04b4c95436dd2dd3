"""Read a submitted notebook, whatever it is, and reduce it to what may be graded.

Nothing a student can write into a notebook file is believed but the source of cells, their order, and
which cell is which; everything else comes from the assignment.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlc_course.grading.spare import without

with without("rfc3987_syntax"):  # jsonschema's grammar of web addresses: most of a second to load, and none is checked
    from nbformat.notebooknode import NotebookNode
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from mlc_course.exercises.notebooks import NOTEBOOK_METADATA, SCHEMA_VERSION
from mlc_course.grading.strict_json import Refused, parse
from mlc_ref.language import LANGUAGES, Text

MAX_FILE = 16 * 2**20
MAX_CELLS = 2_000
MAX_SOURCE = 1 * 2**20  # characters of one cell

_NOTEBOOK = Text("a notebook", "一个笔记本")
_MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}

PROBLEMS = {
    "missing": Text("the check cell is missing from the notebook", "笔记本中缺少检查单元"),
    "doubled": Text("the check cell stands in the notebook more than once", "检查单元在笔记本中出现多次"),
    "edited": Text("the check cell was edited", "检查单元被修改"),
}


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


def read_submission(path: Path) -> NotebookNode:
    """The cells of a notebook file, with their sources and metadata; an unreadable file gives an empty notebook.

    The notebook's metadata says ``unreadable`` why, if so.
    """
    try:
        data = parse(_bytes(path), limit=MAX_FILE, what=_NOTEBOOK)
        return new_notebook(cells=_cells(data), metadata={"mlc": {"language": _language(data)}})
    except (Refused, OSError) as error:
        reason = f"{error.found.en} (allowed: {error.expected.en})" if isinstance(error, Refused) else str(error)
        return new_notebook(metadata={"mlc": {"unreadable": reason[:500]}})


def sanitize(notebook: NotebookNode, known: Mapping[str, Known]) -> NotebookNode:
    """The notebook to grade: cells known to the assignment carry its metadata, no other cell carries any.

    Check cells that are missing come back at the end. What is wrong with them stands in the notebook's
    metadata, ``mlc.problems``: ``{grade_id: "missing" | "doubled" | "edited"}``.
    """
    mlc = dict(notebook.metadata.get("mlc", {}))
    last = {_grade_id(cell): index for index, cell in enumerate(notebook.cells)}
    counts: dict[str | None, int] = {}
    problems: dict[str, str] = {}
    cells = []
    for index, cell in enumerate(notebook.cells):
        name = _grade_id(cell)
        entry = known.get(name or "")
        counts[name] = counts.get(name, 0) + 1
        if entry is None or name is None or last[name] != index:
            cells.append(_fresh(cell.cell_type, cell.source, index, {}))
            continue
        source = cell.source
        if entry.judged or (entry.locked and not entry.solution):
            if entry.judged and (source.strip() != entry.source.strip() or cell.cell_type != entry.cell_type):
                problems[name] = "edited"
            source = entry.source
        cells.append(_fresh(entry.cell_type, source, index, {"nbgrader": entry.metadata(name)}))
    for name, entry in known.items():
        if (entry.grade or entry.task) and name not in counts:
            cells.append(_fresh(entry.cell_type, entry.source, len(cells), {"nbgrader": entry.metadata(name)}))
            problems |= {name: "missing"} if entry.judged else {}
        elif entry.judged and counts.get(name, 0) > 1:
            problems[name] = "doubled"
    mlc["problems"] = problems
    return new_notebook(cells=cells, metadata={**NOTEBOOK_METADATA, "mlc": mlc})


def fingerprint(notebook: NotebookNode, version: str) -> str:
    """The same for notebooks that are graded alike by the same version of checks."""
    cells = [[c.id, c.source, _grade_id(c)] for c in notebook.cells if c.cell_type == "code"]
    content = json.dumps([cells, notebook.metadata.get("mlc", {}), version], sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bytes(path: Path) -> bytes:
    """The contents of a regular file that nobody else names, without following a link or waiting for a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return file.read(MAX_FILE + 1)


def _cells(data: Any) -> list[NotebookNode]:
    cells = data.get("cells") if isinstance(data, dict) else None
    if isinstance(data, dict) and data.get("nbformat") != 4:
        raise Refused(
            expected=Text("a notebook of format 4", "格式为 4 的笔记本"), found=f"nbformat {data.get('nbformat')}"[:80]
        )
    if not isinstance(cells, list):
        raise Refused(expected=_NOTEBOOK, found=Text("JSON of another form", "其他形式的 JSON"))
    if len(cells) > MAX_CELLS:
        raise Refused(expected=Text(f"at most {MAX_CELLS} cells", f"最多 {MAX_CELLS} 个单元"), found=str(len(cells)))
    return [cell for index, raw in enumerate(cells) if (cell := _cell(index, raw)) is not None]


def _cell(index: int, raw: Any) -> NotebookNode | None:
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in _MAKERS:
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    if len(source) > MAX_SOURCE:
        said = f"a cell of {len(source)} characters was left out: at most {MAX_SOURCE} are read"
        source = f"raise ValueError({said!r})" if kind == "code" else said
    source = source.encode("utf-8", "replace").decode()
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return _fresh(kind, source, index, {"nbgrader": {"grade_id": name}} if isinstance(name, str) else {})


def _fresh(cell_type: str, source: str, index: int, metadata: dict[str, Any]) -> NotebookNode:
    return _MAKERS[cell_type](source, id=f"cell-{index}", metadata=metadata)


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _language(data: Any) -> str:
    metadata = data.get("metadata")
    mlc = metadata.get("mlc") if isinstance(metadata, dict) else None
    said = mlc.get("language") if isinstance(mlc, dict) else None
    return said if isinstance(said, str) and said in LANGUAGES else "en"


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


def special_files(folder: Path) -> Sequence[Path]:
    """Links, pipes, devices and sockets in a submission: nothing of a student's work, and dangerous to copy."""
    return [
        Path(top) / name
        for top, folders, files in os.walk(folder)
        for name in (*folders, *files)
        if not stat.S_ISREG(mode := os.lstat(os.path.join(top, name)).st_mode) and not stat.S_ISDIR(mode)
    ]
