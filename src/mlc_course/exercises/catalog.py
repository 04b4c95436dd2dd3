"""Find the exercise sets of the course and load their checks."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from mlc_course.content.exercise_items import exercise_items
from mlc_course.exercises.source import Exercise, read_exercise
from mlc_course.root import course_root, pages
from mlc_ref.checks.task import Task
from mlc_ref.language import Text, TextError

NO_ITEMS = ("__init__", "shared")


class UnknownStem(TextError, ValueError):
    """There is no exercise set of that name; the message lists those that exist."""


class ChecksError(TextError, RuntimeError):
    """A set's ``checks/`` does not hold what it should."""


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
        raise UnknownStem(
            Text(
                f"There is no exercise set {stem!r}. The course has: {', '.join(stems) or 'none yet'}.",
                f"没有练习集 {stem!r}。本课程有：{'、'.join(stems) or '暂无'}。",
            )
        )
    return root / "exercises" / stem


def check_files(folder: Path) -> list[Path]:
    """The Python files that hold the checks of the set in a folder."""
    return sorted((folder / "checks").glob("*.py"))


def load_tasks(stem: str, root: Path | None = None) -> list[Task]:
    """The tasks of a set in the order of its source, loaded once from ``checks/``, one file an item.

    Raises:
        UnknownStem: no such set.
        ChecksError: there is no ``checks/``, or one of its files does not hold one task with parts and the file's name.
    """
    folder = set_folder(stem, root)
    order = {name: place for place, (name, _) in enumerate(exercise_items(stem, root or course_root()))}
    return sorted(_load_tasks(folder / "checks"), key=lambda task: order.get(task.name, len(order)))


def load_task(stem: str, name: str, root: Path | None = None) -> Task:
    """One task of a set.

    Raises:
        ChecksError: the set has no task of that name; the message lists its tasks.
    """
    tasks = {task.name: task for task in load_tasks(stem, root)}
    if name not in tasks:
        raise ChecksError(
            Text(
                f"The set {stem!r} has no item {name!r}. It has: {', '.join(tasks)}.",
                f"练习集 {stem!r} 中没有练习 {name!r}，只有：{'、'.join(tasks)}。",
            )
        )
    return tasks[name]


def load_exercise(stem: str, root: Path | None = None) -> Exercise:
    """The parsed and validated source of a set."""
    return read_exercise(set_folder(stem, root) / "exercise.md", load_tasks(stem, root))


@cache
def _load_tasks(folder: Path) -> list[Task]:
    """The task of each file of a set's ``checks/``; what several items share stands in ``shared.py``."""
    if not (folder / "__init__.py").is_file():
        raise ChecksError(
            Text(
                f"{folder}/__init__.py: there is no such file; an exercise set needs exercise.md and checks/",
                f"{folder}/__init__.py：没有这个文件；练习集需要 exercise.md 和 checks/",
            )
        )
    package = _load_package(folder)
    files = [path for path in check_files(folder.parent) if path.stem not in NO_ITEMS]
    tasks = [_task_of(importlib.import_module(f"{package}.{path.stem}"), path) for path in files]
    if not tasks:
        raise ChecksError(
            Text(
                f"{folder}: holds no item; write one file for each, or run `mlc new exercise`",
                f"{folder}：其中没有练习；请为每道练习写一个文件，或运行 `mlc new exercise`",
            )
        )
    return tasks


def _load_package(folder: Path) -> str:
    """Import a ``checks/`` folder as a package under a name of its own, and return the name."""
    # TVMScript looks its own source up through the module's name, so modules are registered under one.
    name = f"mlc_exercises_{folder.parent.name}_checks"
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == name]:  # of another course's folder
        del sys.modules[loaded]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None, "a .py file has a loader"
    assert spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return name


def _task_of(module: ModuleType, path: Path) -> Task:
    tasks = [value for value in vars(module).values() if isinstance(value, Task)]
    if len(tasks) != 1:
        raise ChecksError(
            Text(f"{path}: needs one Task, got {len(tasks)}", f"{path}：需要一个 Task，得到 {len(tasks)} 个")
        )
    if tasks[0].name != path.stem:
        raise ChecksError(
            Text(
                f"{path}: its Task is named {tasks[0].name!r}; file and task have the same name",
                f"{path}：其中的 Task 名为 {tasks[0].name!r}；文件与 Task 的名字要相同",
            )
        )
    if not tasks[0].parts:
        raise ChecksError(
            Text(f"{path}: task {tasks[0].name!r} has no parts", f"{path}：Task {tasks[0].name!r} 没有评分项")
        )
    return tasks[0]
