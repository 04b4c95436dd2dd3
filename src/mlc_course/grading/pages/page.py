"""Pages that show a graded submission: the feedback page, and the formgrader's page of one submission.

Both are made from the templates in ``pages/``, which escape whatever is put into them; what a student wrote or printed comes
from ``render`` as sanitised HTML. No name, identifier or class of the page is a student's to choose.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from mlc_course.grading.pages.render import MAX_PICTURES, Piece, Shown, picture, render
from mlc_ref.language import LANGUAGES, Language, Text

# Without a script of its own a page needs none at all.
FEEDBACK_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TEMPLATES = Path(__file__).parent

_LABELS = {
    "score": Text("Score", "得分"),
    "answer": Text("Student's answer", "学生的答案"),
    "task": Text("Task", "任务"),
    "check": Text("Check", "检查"),
    "comment": Text("Comment", "评语"),
    "top": Text("Top", "返回顶部"),
    "late": Text("Taken off for being late", "迟交扣分"),
    "notes": Text(
        "Not everything of this submission is shown as it was handed in:", "本提交并非全部按上交时的样子显示："
    ),
    "output": Text("Output", "输出"),
    "theirs": Text("from the submission", "提交中的内容"),
}


@dataclass(frozen=True)
class Cell:
    """One cell as a template needs it; ``data`` is nbgrader's metadata, with score and comment."""

    kind: str
    data: Mapping[str, Any]
    source: Shown
    outputs: Sequence[tuple[str, Shown]]
    comment: Shown | None

    @property
    def role(self) -> str:
        """``answer``, ``task`` or ``check``; empty for a cell without points."""
        if self.data.get("task"):
            return "task"
        return "answer" if self.data.get("solution") else "check" if self.data.get("grade") else ""

    @property
    def scored(self) -> bool:
        return bool(self.data.get("grade") or self.data.get("task"))

    @property
    def shown(self) -> Iterator[Shown]:
        """Everything of the cell that came from a student."""
        yield self.source
        yield from (shown for _kind, shown in self.outputs)
        if self.comment:
            yield self.comment


@dataclass
class _Sheet:
    """Collects pieces, so that one process renders all of a page."""

    pieces: list[Piece] = field(default_factory=list)
    left: int = MAX_PICTURES

    def put(self, piece: Piece) -> int:
        self.pieces.append(piece)
        return len(self.pieces) - 1

    def outputs(self, cell: Mapping[str, Any]) -> list[tuple[str, int | Shown]]:
        """Kinds and places of what a cell put out."""
        found: list[tuple[str, int | Shown]] = []
        for output in cell.get("outputs", ()):
            kind = output["output_type"]
            if kind == "stream":
                found.append((output.get("name", "stdout"), self.put(Piece("terminal", _text(output.get("text"))))))
            elif kind == "error":
                lines = [_text(line) for line in output.get("traceback", ())]
                text = "\n".join(lines) or f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
                found.append(("error", self.put(Piece("terminal", text))))
            else:
                found += self._display(output.get("data", {}), _is_check(cell))
        return found

    def _display(self, data: Mapping[str, Any], trusted: bool) -> Iterator[tuple[str, int | Shown]]:
        """The richest form that is shown; HTML is shown of check cells only, whose output the grader wrote."""
        if trusted and "text/html" in data:
            yield "report", self.put(Piece("html", _text(data["text/html"])))
            return
        for mime in ("image/png", "image/jpeg"):
            shown = picture(mime, _text(data[mime]), self.left) if mime in data else None
            if shown is not None:
                self.left -= len(shown.html)
                yield "picture", shown
                return
        if "text/plain" in data:
            yield "result", self.put(Piece("terminal", _text(data["text/plain"])))


def cells_of(notebook: NotebookNode, own_hosts: Sequence[str] = ()) -> list[Cell]:
    """A graded notebook's cells, ready to be shown; never raises for what a student wrote."""
    sheet, rows = _Sheet(), []
    for cell in notebook.cells:
        kind = {"code": "code", "markdown": "markdown"}.get(cell.cell_type, "terminal")
        data = dict(cell.metadata.get("nbgrader", {}))
        source = sheet.put(Piece(kind, _text(cell.source), cell.get("attachments", {})))  # type: ignore[arg-type]
        comment = sheet.put(Piece("markdown", _text(data["comment"]))) if data.get("comment") else None
        rows.append((cell.cell_type, data, source, sheet.outputs(cell), comment))
    shown = render(sheet.pieces, own_hosts)

    def take(place: int | Shown) -> Shown:
        return place if isinstance(place, Shown) else shown[place]

    return [
        Cell(kind, data, shown[source], [(k, take(p)) for k, p in outputs], None if comment is None else shown[comment])
        for kind, data, source, outputs, comment in rows
    ]


def feedback_page(notebook: NotebookNode, facts: Mapping[str, Any]) -> str:
    """The page a student gets: static HTML without a script.

    Args:
        notebook: graded, with ``score``, ``points`` and ``comment`` in nbgrader's metadata of its cells.
        facts: ``notebook``, ``score``, ``max_score`` and ``late_penalty`` of the submission.
    """
    said = notebook.metadata.get("mlc", {}).get("language", "en")
    language: Language = said if said in LANGUAGES else "en"
    return _page("feedback.html", cells_of(notebook), language, facts=facts, policy=FEEDBACK_POLICY)


def formgrader_page(notebook: NotebookNode, resources: Mapping[str, Any], nonce: str, host: str) -> str:
    """The page on which an instructor reads a submission and gives points; its scripts are nbgrader's, named by ``nonce``."""
    return _page("formgrader.html", cells_of(notebook, [host]), "en", resources=resources, nonce=nonce)


def _page(template: str, cells: Sequence[Cell], language: Language, **values: Any) -> str:
    notes = dict.fromkeys(shown.note.get(language) for cell in cells for shown in cell.shown if shown.note)
    labels = {name: text.get(language) for name, text in _LABELS.items()}
    style = Markup((TEMPLATES / "submission.css").read_text("utf-8"))
    page = _environment().get_template(template)
    return page.render(cells=cells, notes=list(notes), labels=labels, lang=language, style=style, **values)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["points"] = lambda value: f"{round(float(value or 0), 2):g}"
    return environment


def _is_check(cell: Mapping[str, Any]) -> bool:
    data = cell["metadata"].get("nbgrader", {})
    return bool(data.get("grade") and not data.get("solution"))


def _text(value: Any) -> str:
    """Text of a notebook, which may be a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
