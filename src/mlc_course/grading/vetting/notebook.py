"""Read a submitted notebook, whatever it is, and reduce it to what may be graded.

Nothing a student can write into a notebook file is believed but the source of cells, their order, and
which cell is which; everything else comes from the assignment.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlc_course.grading.workers.import_blocker import import_blocked

with import_blocked(
    "rfc3987_syntax"
):  # jsonschema's grammar of web addresses: most of a second to load, and none is checked
    from nbformat.notebooknode import NotebookNode
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from mlc_course.exercises.notebooks import NOTEBOOK_METADATA, grade_id
from mlc_course.grading.vetting.cell_recovery import Recovery, Submitted
from mlc_course.grading.vetting.known_cells import Known, known_cells
from mlc_course.grading.vetting.listing import entries_below
from mlc_course.grading.vetting.notebook_file import MAX_FILE, NOTEBOOK, Doubled, bytes_of, parsed
from mlc_course.grading.vetting.strict_json import Refused, refuse
from mlc_ref.language import LANGUAGES, Language, Text

MAX_CELLS = 2_000
MAX_ID = 64  # characters of a cell's own id
MAX_SOURCE = 1 * 2**20  # characters of one cell
MAX_SOURCES = 8 * 2**20  # of all cells together

_MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def read_submission(path: Path) -> NotebookNode:
    """The cells of a notebook file, with their sources and metadata; an unreadable file gives an empty notebook.

    The notebook's metadata says ``unreadable`` why, if so, and ``unreadable_zh`` in Chinese.
    """
    try:
        data = parsed(bytes_of(path))
        return new_notebook(cells=_cells(data), metadata={"mlc": {"language": _language(data)}})
    except Refused as error:
        reasons = [_reason(error, language) for language in LANGUAGES]
    except OSError as error:
        reasons = [error.strerror or str(error)] * 2
    except Exception as error:  # no file may end the grading of others
        reasons = [f"an internal error of the grader: {type(error).__name__}: {error}"] * 2
    unreadable = dict(zip(("unreadable", "unreadable_zh"), (_plain(reason)[:500] for reason in reasons), strict=True))
    return new_notebook(metadata={"mlc": unreadable})


def _reason(error: Refused, language: Language) -> str:
    allowed = {"en": "allowed", "zh": "允许"}[language]
    hint = f". {error.hint.get(language)}" if error.hint else ""
    return f"{error.found.get(language)} ({allowed}: {error.expected.get(language)}){hint}"


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def sanitize(notebook: NotebookNode, known: Mapping[str, Known]) -> NotebookNode:
    """The notebook to grade: cells known to the assignment carry its metadata, no other cell carries any.

    Locked cells, checks above all, are the assignment's, whatever the student made of them (``cell_recovery``). The
    notebook's metadata says under ``mlc`` what that was: ``remarks``, pairs of a grade id and a key of
    ``remarks.REMARKS``; and ``answers``, for each item the ids of the cells of its answer and what is wrong with them.
    """
    recovery = Recovery([_submitted(cell) for cell in notebook.cells], known)
    placed = recovery.placed()
    cells = [
        _fresh(cell.cell_type, cell.source, f"cell-{n}", _metadata(cell.name, known)) for n, cell in enumerate(placed)
    ]
    ids = {cell.origin: made.id for cell, made in zip(placed, cells, strict=True) if cell.origin is not None}
    answers = {
        name: {
            "cells": [ids[i] for i in recovery.answers(name) or recovery.answer_cells(name)],
            "state": recovery.answer_state(name),
        }
        for name, entry in known.items()
        if entry.judged
    }
    mlc = dict(notebook.metadata.get("mlc", {}))
    mlc |= {"remarks": [] if mlc.get("unreadable") else recovery.remarks, "answers": answers}
    return new_notebook(cells=cells, metadata={**NOTEBOOK_METADATA, "mlc": mlc})


def _submitted(cell: NotebookNode) -> Submitted:
    own = cell.metadata.get("mlc", {}).get("id", cell.get("id", ""))
    return Submitted(cell.cell_type, cell.source, grade_id(cell), own)


def _metadata(name: str | None, known: Mapping[str, Known]) -> dict[str, Any]:
    return {} if name is None else {"nbgrader": known[name].metadata(name)}


def fingerprint(notebook: NotebookNode, version: str) -> str:
    """The same for notebooks that are graded alike by the same version of checks."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = [[c.id, c.source, grade_id(c), float(c.metadata.get("nbgrader", {}).get("points", 0))] for c in code]
    content = json.dumps([cells, notebook.metadata.get("mlc", {}), version], sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _cells(data: Any) -> list[NotebookNode]:
    cells = data.get("cells") if isinstance(data, dict) else None
    if isinstance(data, Doubled):
        raise refuse(NOTEBOOK, Text("a key that stands twice in one object", "同一对象中重复出现的键"))
    if isinstance(data, dict) and data.get("nbformat") != 4:
        raise _other_format(data.get("nbformat"))
    if not isinstance(cells, list):
        raise refuse(NOTEBOOK, Text("JSON of another form", "其他形式的 JSON"))
    if len(cells) > MAX_CELLS:
        raise refuse(Text(f"at most {MAX_CELLS} cells", f"最多 {MAX_CELLS} 个单元"), str(len(cells)))
    found = [cell for index, raw in enumerate(cells) if (cell := _cell(index, raw)) is not None]
    size = sum(len(cell.source) for cell in found)
    if size > MAX_SOURCES:
        raise refuse(
            Text(f"at most {MAX_SOURCES} characters in all cells together", f"所有单元合计最多 {MAX_SOURCES} 个字符"),
            Text(f"{size} characters", f"{size} 个字符"),
        )
    return found


def _other_format(found: Any) -> Refused:
    said = f"nbformat {found}" if isinstance(found, int | float) else "no nbformat"
    hint = Text(
        "Open it in a current Jupyter, which converts it, and save it again.",
        "请用当前版本的 Jupyter 打开（会自动转换）并重新保存。",
    )
    return refuse(Text("a notebook of format 4", "格式为 4 的笔记本"), said, hint)


def _cell(index: int, raw: Any) -> NotebookNode | None:
    kind = raw.get("cell_type") if isinstance(raw, dict) and not isinstance(raw, Doubled) else None
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
    source = _plain(source).replace("\r\n", "\n").replace("\r", "\n")  # ends of lines as another system writes them
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    said = raw.get("id")
    claims: dict[str, Any] = {"mlc": {"id": said[:MAX_ID] if isinstance(said, str) else ""}}
    if isinstance(name, str):
        claims["nbgrader"] = {"grade_id": name}
    return _fresh(kind, source, f"cell-{index}", claims)


def _fresh(cell_type: str, source: str, cell_id: str, metadata: dict[str, Any]) -> NotebookNode:
    return _MAKERS[cell_type](source, id=cell_id, metadata=metadata)


def _language(data: Any) -> str:
    metadata = data.get("metadata")
    mlc = metadata.get("mlc") if isinstance(metadata, dict) else None
    said = mlc.get("language") if isinstance(mlc, dict) else None
    return said if isinstance(said, str) and said in LANGUAGES else "en"


def special_files(folder: Path) -> Sequence[Path]:
    """Links, pipes, devices and sockets in a submission: nothing of a student's work, and dangerous to copy.

    Raises:
        OSError: there is more in it than is looked at.
    """
    entries, problem = entries_below(folder)
    if problem:
        raise OSError(f"{folder.name}: {problem}; allowed are the notebook and a few files beside it")
    return [
        Path(entry.path)
        for entry in entries
        if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False)
    ]


__all__ = [
    "MAX_FILE",
    "Known",
    "fingerprint",
    "known_cells",
    "read_submission",
    "sanitize",
    "special_files",
]
