"""``mlc check``: run a learner's notebook in a folder of its own and collect the reports of its items."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlc_course.exercises.catalog import exercise_stems
from mlc_course.exercises.cell_errors import CELL_STATES, did_not_end, failure_of_fault, fault_of_error, is_empty
from mlc_course.exercises.cells import CellProcess, is_plain
from mlc_course.exercises.error_texts import error_text
from mlc_course.exercises.execution import StoppedEarly, execute
from mlc_course.exercises.failures import not_run
from mlc_course.exercises.notebooks import grade_id
from mlc_course.exercises.reports import failed_parts, read_reports
from mlc_course.exercises.source import answer_id, parse_check
from mlc_course.exercises.time_limit import SECONDS
from mlc_ref.checks.task import Report
from mlc_ref.language import LANGUAGES, Language, Text, TextError

MAX_FILE = 20 * 2**20  # bytes; larger files beside the notebook are not copied
# "make notebooks" leaves a file alone that exists.
_AGAIN = Text(
    "move it away, run make notebooks, and paste your answers into the answer cells of the new notebook",
    "请把它移到别处，运行 make notebooks，再把你的答案粘贴到新笔记本的答案单元中",
)
_LEFT_OUT = Text(
    "{cells}. The other cells ran without {it}. Run the notebook cell by cell up to there to see what happens.",
    "{cells}。其余单元照常运行。请逐个运行单元，直到该处，看看发生了什么。",
)


class NotebookProblem(TextError):
    """The notebook cannot be checked; the message, one paragraph, says why and what to do."""


@dataclass(frozen=True)
class Checked:
    """What checking a notebook gave.

    Attributes:
        reports: one for each item of the set, in reading order.
        problem: which cells did not end, or ended the process, if any, in the reports' language.
    """

    stem: str
    reports: tuple[Report, ...]
    problem: str | None

    @property
    def passed(self) -> bool:
        return self.problem is None and all(report.passed for report in self.reports)


def check_notebook(path: Path, language: Language | None = None, *, timeout: int = SECONDS) -> Checked:
    """Execute a copy of a notebook and judge its items. The file itself is never written to.

    Args:
        language: of the messages; by default the notebook's.
        timeout: seconds that one cell may take.

    Raises:
        NotebookProblem: it is no exercise notebook, or cells of items are missing, doubled or edited.
    """
    with CellProcess() as process, tempfile.TemporaryDirectory(prefix="mlc-check-") as folder:
        notebook = read_notebook(path)
        stem = stem_of(notebook, path)
        items = process.items(stem)
        require_cells(notebook, items, path)
        language = language or language_of(notebook)
        work, reports = Path(folder) / "work", Path(folder) / "reports"
        _copy_files(path.parent, work)
        environment = {"MLC_REPORTS": str(reports), "MLC_LANG": language, "MLC_CHECK_SECONDS": str(timeout)}
        stopped = _run_all(notebook, process, stem, work, environment, timeout)
        found = {report.name: report for report in read_reports(reports)}
    missing = {name: error for name, error in stopped.items() if name not in found}
    results = [found.get(item.name) or _missing_report(item, notebook, missing) for item in items]
    problem = _told(list(stopped.values()), path, language)
    return Checked(stem, tuple(replace(report, language=language) for report in results), problem)


def _run_all(
    notebook: Any, process: CellProcess, stem: str, work: Path, environment: dict[str, str], timeout: int
) -> dict[str, StoppedEarly]:
    """Run every cell. Where one does not end, or ends the process, the others run again without it.

    Returns:
        what stopped, by the item of the cell, or by its number where it belongs to none.
    """
    stopped: dict[str, StoppedEarly] = {}
    while True:
        try:
            if not is_plain(notebook):
                execute(notebook, work, environment, timeout=timeout)
            elif not stopped:
                process.run(notebook, work, environment, timeout=timeout)
            else:
                with CellProcess() as fresh:
                    fresh.items(stem)
                    fresh.run(notebook, work, environment, timeout=timeout)
            return stopped
        except StoppedEarly as error:
            name = _item_of(notebook.cells[error.number - 1]) if error.number else None
            stopped[name or str(error.number)] = error
            if not error.number:
                return stopped
            judged = {report.name for report in read_reports(Path(environment["MLC_REPORTS"]))}
            _leave_out(notebook, error.number, name, judged)


def _item_of(cell: Any) -> str | None:
    """The item that an answer cell or a check cell belongs to."""
    return (grade_id(cell) or "").removesuffix(answer_id("")) or None


def _leave_out(notebook: Any, number: int, name: str | None, judged: set[str]) -> None:
    """Empty a cell, the other cell of its item, and the checks that have judged."""
    for place, cell in enumerate(notebook.cells, 1):
        mine = name is not None and grade_id(cell) in (name, answer_id(name))
        if place == number or mine or grade_id(cell) in judged:
            cell.source = ""


def _told(stopped: list[StoppedEarly], path: Path, language: Language) -> str | None:
    """One paragraph on all cells that were left out."""
    if not stopped:
        return None
    cells = Text("; ".join(e.message.en for e in stopped), "；".join(e.message.zh for e in stopped))
    it = "it" if len(stopped) == 1 else "them"
    return f"{path}: {_LEFT_OUT.format(cells=cells, it=it).get(language)}"


def read_notebook(path: Path) -> Any:
    """The notebook in a file.

    Raises:
        NotebookProblem: there is no such file, or it holds no notebook.
    """
    import nbformat

    if not path.is_file():
        raise NotebookProblem(
            Text(
                f"{path}: there is no such file. Give the path of an exercise notebook (.ipynb).",
                f"{path}：没有这个文件。请给出练习笔记本（.ipynb）的路径。",
            )
        )
    try:
        notebook = nbformat.reads(path.read_text("utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # JSON, encoding and schema errors of several libraries
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise NotebookProblem(
            Text(
                f"{path}: this is not a readable notebook ({reason[:200]}). If it was saved half, take the copy in "
                f".ipynb_checkpoints; otherwise {_AGAIN.en}.",
                f"{path}：无法作为笔记本读取（{Text.english(reason[:200]).zh}）。如果只保存了一半，请用 .ipynb_checkpoints 中的副本；"
                f"否则{_AGAIN.zh}。",
            )
        ) from error
    return notebook


def stem_of(notebook: Any, path: Path) -> str:
    """The exercise set a notebook belongs to: what it says of itself, else its file name.

    Raises:
        NotebookProblem: the course has no such set.
    """
    stem = notebook.metadata.get("mlc", {}).get("stem") or path.stem
    stems = exercise_stems()
    if stem not in stems:
        raise NotebookProblem(
            Text(
                f"{path}: there is no exercise set {stem!r}. The course has: {', '.join(stems)}.",
                f"{path}：没有练习集 {stem!r}。本课程有：{'、'.join(stems)}。",
            )
        )
    return str(stem)


def language_of(notebook: Any) -> Language:
    """The language a notebook was made in, English where it does not say."""
    said = notebook.metadata.get("mlc", {}).get("language")
    return said if said in LANGUAGES else "en"


def require_cells(notebook: Any, items: Sequence[Report], path: Path) -> None:
    """Every item has exactly one answer cell and one check cell, and the check cell is as it was handed out.

    Raises:
        NotebookProblem: naming every cell that is missing, doubled or edited.
    """
    problems = [text for item in items for text in _cell_problems(notebook, item.name)]
    if problems:
        raise NotebookProblem(
            Text(
                f"{path}: {'; '.join(each.en for each in problems)}. Nothing was run. For a whole notebook, "
                f"{_AGAIN.en}; leave the check cells as they are.",
                f"{path}：{'；'.join(each.zh for each in problems)}。没有运行任何单元。要得到完整的笔记本，"
                f"{_AGAIN.zh}；不要改动检查单元。",
            )
        )


_CELLS = {"answer": "答案单元", "check": "检查单元"}


def _cell_problems(notebook: Any, name: str) -> list[Text]:
    problems = []
    for what, name_of_cell in (("answer", answer_id(name)), ("check", name)):
        places = [n for n, cell in enumerate(notebook.cells, 1) if grade_id(cell) == name_of_cell]
        if not places:
            missing = Text(f"the {what} cell of item {name!r} is missing", f"练习 {name!r} 的{_CELLS[what]}不见了")
            problems.append(missing)
        elif len(places) > 1:
            problems.append(
                Text(
                    f"the {what} cell of item {name!r} stands twice, as cells {places[0]} and {places[1]}",
                    f"练习 {name!r} 的{_CELLS[what]}有两个：第 {places[0]} 个与第 {places[1]} 个单元",
                )
            )
        elif what == "check" and not _is_check_of(notebook.cells[places[0] - 1], name):
            problems.append(
                Text(
                    f'the check cell of item {name!r} was edited; it reads check("{name}", …)',
                    f'练习 {name!r} 的检查单元被改动过；它原来是 check("{name}", …)',
                )
            )
    return problems


def _is_check_of(cell: Any, name: str) -> bool:
    call = parse_check(cell.source)
    return cell.cell_type == "code" and call is not None and call.item == name


def _copy_files(source: Path, work: Path) -> None:
    """Copy data files that lie beside the notebook; no notebooks, no hidden and no large files."""
    work.mkdir()
    for file in sorted(source.iterdir()):
        wanted = file.is_file() and not file.name.startswith(".") and file.suffix != ".ipynb"
        if wanted and file.stat().st_size <= MAX_FILE:
            shutil.copy(file, work / file.name)


def _missing_report(item: Report, notebook: Any, stopped: dict[str, StoppedEarly]) -> Report:
    """The report of an item whose check never came to judge it, from what its cells did or the errors they show."""
    if item.name in stopped:
        return replace(item, results=tuple(failed_parts(item.results, did_not_end(stopped[item.name].reason))))
    errors: dict[str | None, Any] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                errors.setdefault(grade_id(cell), output)
    answer, check = errors.get(answer_id(item.name)), errors.get(item.name)
    written = [cell.source for cell in notebook.cells if grade_id(cell) == answer_id(item.name)]
    if answer:
        failure = failure_of_fault(fault_of_error(answer.ename, answer.evalue), answer.ename)
    elif all(map(is_empty, written)):
        failure = failure_of_fault(CELL_STATES["empty"])
    else:
        failure = not_run(error_text(check.ename, check.evalue) if check else None)
    return replace(item, results=tuple(failed_parts(item.results, failure)))
