"""Find the exercise sets of the course and load their checks."""

import importlib.util
import sys
from functools import cache
from pathlib import Path

from mlc_course.exercises.source import Exercise, read_exercise
from mlc_course.root import course_root, pages
from mlc_ref.checks.task import Task


class UnknownStem(ValueError):
    """There is no exercise set of that name; the message lists those that exist."""


class ChecksError(RuntimeError):
    """A ``checks.py`` does not hold what it should."""


def exercise_stems(root: Path | None = None) -> list[str]:
    """Names of all exercise sets, in the order of the contents, then those not in it by name."""
    root = root or course_root()
    found = {path.parent.name for path in (root / "exercises").glob("*/exercise.md")}
    order = {name: place for place, name in enumerate(pages(root))}
    return sorted(found, key=lambda stem: (order.get(stem, len(order)), stem))


def set_folder(stem: str, root: Path | None = None) -> Path:
    """The folder of an exercise set.

    Raises:
        UnknownStem: listing the sets that exist.
    """
    root = root or course_root()
    stems = exercise_stems(root)
    if stem not in stems:
        raise UnknownStem(f"There is no exercise set {stem!r}. The course has: {', '.join(stems) or 'none yet'}.")
    return root / "exercises" / stem


def load_tasks(stem: str, root: Path | None = None) -> list[Task]:
    """The tasks of a set in reading order, loaded once from its ``checks.py``.

    Raises:
        UnknownStem: no such set.
        ChecksError: ``checks.py`` is missing or holds no list ``TASKS`` of tasks with unique names.
    """
    return _load_tasks(set_folder(stem, root) / "checks.py")


def load_task(stem: str, name: str, root: Path | None = None) -> Task:
    """One task of a set.

    Raises:
        ChecksError: the set has no task of that name; the message lists its tasks.
    """
    tasks = {task.name: task for task in load_tasks(stem, root)}
    if name not in tasks:
        raise ChecksError(f"The set {stem!r} has no item {name!r}. It has: {', '.join(tasks)}.")
    return tasks[name]


def load_exercise(stem: str, root: Path | None = None) -> Exercise:
    """The parsed and validated source of a set."""
    return read_exercise(set_folder(stem, root) / "exercise.md", load_tasks(stem, root))


@cache
def _load_tasks(path: Path) -> list[Task]:
    # TVMScript looks its own source up through the module's name, so the module is registered under one.
    name = f"mlc_exercises_{path.parent.name}_checks"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ChecksError(f"{path}: there is no such file; an exercise set needs exercise.md and checks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    tasks = getattr(module, "TASKS", None)
    if not isinstance(tasks, list) or not tasks or not all(isinstance(task, Task) for task in tasks):
        raise ChecksError(f"{path}: needs a list TASKS of Task objects, got {tasks!r}")
    names = [task.name for task in tasks]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ChecksError(f"{path}: task {repeated[0]!r} stands twice in TASKS")
    empty = [task.name for task in tasks if not task.parts]
    if empty:
        raise ChecksError(f"{path}: task {empty[0]!r} has no parts")
    return tasks
