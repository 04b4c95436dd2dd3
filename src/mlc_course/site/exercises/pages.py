"""The pages of the exercise sets, made from ``exercises/<stem>/exercise.md`` before Sphinx looks for pages.

They are written beside the chapters as ``chapters/<language>/exercises_<stem>.md``, which git ignores, and stand in
the contents under their chapter. ``MLC_SOLUTIONS=0`` (``make site SOLUTIONS=0``) leaves the reference solutions out.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from mlc_course.content.errors import SiteError
from mlc_course.content.exercise_page_names import PREFIX, is_exercise_page, page_name, set_of_page, sets_with_page
from mlc_course.content.settings import Settings
from mlc_course.site.build.execution_cache import machinery_key
from mlc_ref.language import Language

SOLUTIONS = "MLC_SOLUTIONS"
EXERCISES_CODE = Path(__file__).parents[2] / "exercises"


def solutions_shown() -> bool:
    """Whether pages show the reference solutions, as ``MLC_SOLUTIONS`` says; they do where it is not set.

    Raises:
        SiteError: the variable is neither 0 nor 1. A slip of the pen must not show the solutions.
    """
    given = os.environ.get(SOLUTIONS) or "1"
    if given not in ("0", "1"):
        raise SiteError(f"{SOLUTIONS}: got {given!r}, allowed 0 (pages without solutions) and 1 (with them).")
    return given == "1"


def with_exercises(toc: dict[str, Any], root: Path) -> dict[str, Any]:
    """The contents with the page of each exercise set as the first section under its chapter."""
    sets = sets_with_page(root)

    def extended(entry: Any) -> Any:
        if isinstance(entry, list):
            return [extended(item) for item in entry]
        if not isinstance(entry, dict):
            return entry
        made = {key: extended(value) for key, value in entry.items()}
        folder, _, name = str(entry.get("file", "")).rpartition("/")
        if name in sets:
            made["sections"] = [{"file": f"{folder}/{page_name(name)}"}, *made.get("sections", [])]
        return made

    return extended(toc)


def write_pages(root: Path, language: Language) -> list[Path]:
    """Write the pages of one language and remove those of sets that are gone.

    A page whose sources are the same as when it was written is left alone: reading the points means importing TVM.

    Returns:
        The pages written.
    """
    shown, written = solutions_shown(), []
    folder = root / "chapters" / language
    wanted = {folder / f"{page_name(stem)}.md": stem for stem in sets_with_page(root)}
    for page in folder.glob(f"{PREFIX}*.md"):
        if page not in wanted:
            page.unlink()
    for page, stem in wanted.items():
        head = f"% Made from exercises/{stem}/exercise.md, which is the file to edit. {_key(root, stem, shown)}\n"
        if not page.is_file() or not page.read_text("utf-8").startswith(head):
            page.write_text(f"{head}\n{_text(root, stem, language, shown)}", "utf-8")
            written.append(page)
    return written


def _text(root: Path, stem: str, language: Language, solutions: bool) -> str:
    # Late: these import TVM and nbgrader.
    from mlc_course.exercises.catalog import load_exercise, load_tasks
    from mlc_course.exercises.notebooks import answer_id, learner_notebook
    from mlc_course.site.exercises.page_text import ExerciseSet, page_text

    tasks = tuple(load_tasks(stem, root))
    handed_out = {cell.id: cell.source for cell in learner_notebook(stem, language, root).cells}
    starter = {task.name: handed_out[answer_id(task.name)] for task in tasks}
    return page_text(ExerciseSet(load_exercise(stem, root), tasks, starter), language, solutions=solutions)


def _key(root: Path, stem: str, solutions: bool) -> str:
    """Hash of everything a page is made from."""
    digest = hashlib.sha256(f"{machinery_key()} {solutions}".encode())
    folder = root / "exercises" / stem
    for path in (folder / "exercise.md", *sorted((folder / "checks").glob("*.py"))):
        digest.update(path.read_bytes() if path.is_file() else b"")
    for path in sorted(EXERCISES_CODE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _edit_the_source(app: Sphinx, page: str, _template: str, context: dict, _doctree: Any) -> None:
    """Lead "suggest edit" to the set's source; the page itself is not in the repository."""
    name, edit = page.rsplit("/", 1)[-1], context.get("get_edit_provider_and_url")
    if is_exercise_page(name) and edit:
        settings: Settings = app.config.mlc_settings
        address = settings.edit_url(f"exercises/{set_of_page(name)}/exercise.md")
        context["get_edit_provider_and_url"] = lambda: (edit()[0], address)


def setup_exercise_pages(app: Sphinx) -> None:
    # After the theme made the function (500, and loaded later than this), before it makes the buttons (501).
    app.connect("builder-inited", lambda app: app.connect("html-page-context", _edit_the_source))
