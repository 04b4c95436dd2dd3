"""From one bilingual source to notebooks: the instructor's (with solutions) and the learner's.

Both languages get the same code, grade ids and points, so a class may mix languages.
"""

from pathlib import Path
from typing import Any

from mlc_course.content.settings import read_settings
from mlc_course.exercises.catalog import exercise_stems, load_exercise, load_tasks
from mlc_course.exercises.links import resolve_links
from mlc_course.exercises.source import Cell, Exercise, answer_id
from mlc_course.root import course_root
from mlc_ref.language import LANGUAGES, Language, Text

SCHEMA_VERSION = 3  # of nbgrader's cell metadata
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_SETUP = """\
import os

os.environ.setdefault("MLC_LANG", "{lang}")  # {why}
try:
    from mlc_course.exercises import checker
except ModuleNotFoundError as error:
    raise SystemExit(
        "This notebook needs the course package. In a terminal: git clone {url} course, "
        "then pip install -e './course[exercises]', then restart the kernel.\\n"
        "本笔记本需要课程软件包。请在终端运行：git clone {url} course，"
        "再运行 pip install -e './course[exercises]'，然后重启内核。"
    ) from error

check = checker("{stem}", "{lang}")"""
_WHY = Text("the language of what the cells show", "单元格输出所用的语言")


def instructor_notebook(stem: str, lang: Language, root: Path | None = None) -> Any:
    """The nbgrader source notebook of a set: solutions inside, nbgrader metadata (schema 3)."""
    from nbformat.v4 import new_notebook

    exercise = load_exercise(stem, root)
    points = {task.name: task.points for task in load_tasks(stem, root)}
    cells = [_setup_cell(exercise, lang, root)]
    cells += [_notebook_cell(c, points) for c in exercise.cells if c.language in (None, lang)]
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = resolve_links(cell.source, lang, root or course_root())
    metadata = {**NOTEBOOK_METADATA, "mlc": {"stem": stem, "language": lang}}
    return new_notebook(cells=cells, metadata=metadata)


def learner_notebook(stem: str, lang: Language, root: Path | None = None) -> Any:
    """The notebook handed out: what ``nbgrader generate_assignment`` makes of the instructor's, by its own steps."""
    from nbgrader import preprocessors as steps

    notebook: Any = instructor_notebook(stem, lang, root)
    resources: dict[str, Any] = {}
    for step in (steps.LockCells, steps.ClearSolutions, steps.ClearOutput, steps.CheckCellMetadata,
                 steps.ClearHiddenTests, steps.ClearMarkScheme, steps.ComputeChecksums):  # fmt: skip
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def grade_id(cell: Any) -> str | None:
    """nbgrader's name of a notebook's cell; ``None`` for one that nbgrader does not know."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def build_notebooks(
    out: Path,
    languages: tuple[Language, ...] = LANGUAGES,
    stems: list[str] | None = None,
    root: Path | None = None,
    *,
    within: str = "",
    keep: bool = False,
) -> list[Path]:
    """Write the learner's notebooks as ``out/<lang>/<stem>.ipynb`` and return the paths.

    Args:
        within: a folder inside that of the language.
        keep: leave files alone that exist: a learner works in them.
    """
    import nbformat

    written = []
    for lang in languages:
        folder = out / lang / within
        folder.mkdir(parents=True, exist_ok=True)
        for stem in exercise_stems(root) if stems is None else stems:
            path = folder / f"{stem}.ipynb"
            if keep and path.exists():
                continue
            nbformat.write(learner_notebook(stem, lang, root), path)
            written.append(path)
    return written


def _setup_cell(exercise: Exercise, lang: Language, root: Path | None) -> Any:
    from nbformat.v4 import new_code_cell

    # Not locked: nbgrader would put the assignment's language in place of the submission's.
    url = read_settings(root or course_root()).repository_url
    source = _SETUP.format(stem=exercise.stem, lang=lang, why=_WHY.get(lang), url=url)
    return new_code_cell(source, id="setup", metadata={})


def _notebook_cell(cell: Cell, points: dict[str, int]) -> Any:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    if cell.role == "prose":
        return new_markdown_cell(cell.source, id=f"text-{cell.number}", metadata={})
    if cell.role == "answer":
        grade = {"grade": False, "grade_id": answer_id(str(cell.item)), "locked": False, "solution": True}
    elif cell.role == "check":
        item = str(cell.item)
        grade = {"grade": True, "grade_id": item, "locked": True, "solution": False, "points": points[item]}
    else:
        return new_code_cell(cell.source, id=f"{cell.role}-{cell.number}", metadata={})
    metadata = {"nbgrader": {**grade, "schema_version": SCHEMA_VERSION, "task": False}}
    return new_code_cell(cell.source, id=grade["grade_id"] if cell.role == "answer" else f"{cell.item}-check",
                         metadata=metadata)  # fmt: skip
