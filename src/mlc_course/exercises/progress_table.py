"""``mlc progress``: the table of what is done, for the whole course or one set."""

from collections.abc import Iterable
from datetime import datetime

from mlc_course.exercises.catalog import exercise_stems, load_tasks
from mlc_course.exercises.progress import ItemProgress, Progress
from mlc_course.terminal import table
from mlc_ref.language import Language, Text

_HEADS = (Text("set", "练习集"), Text("solved", "已完成"), Text("points", "得分"), Text("last check", "最近检查"))
_ITEM = Text("exercise", "练习")
_ALL = Text("all", "合计")
_NEVER = "–"


def course_table(progress: Progress, language: Language) -> str:
    """A line for each set of the course, then the sums."""
    rows, solved, items, earned, points = [], 0, 0, 0, 0
    for stem in exercise_stems():
        tasks, known = load_tasks(stem), progress.get(stem, {})
        found = {task.name: known[task.name] for task in tasks if task.name in known}
        passed, score = sum(i.passed for i in found.values()), sum(i.earned for i in found.values())
        total = sum(task.points for task in tasks)
        rows.append((stem, f"{passed}/{len(tasks)}", f"{score}/{total}", _time(found.values())))
        solved, items, earned, points = solved + passed, items + len(tasks), earned + score, points + total
    rows.append((_ALL.get(language), f"{solved}/{items}", f"{earned}/{points}", ""))
    return table([tuple(head.get(language) for head in _HEADS), *rows])


def set_table(stem: str, progress: Progress, language: Language) -> str:
    """A line for each item of one set.

    Raises:
        UnknownStem: the course has no such set.
    """
    known = progress.get(stem, {})
    rows = []
    for task in load_tasks(stem):
        item = known.get(task.name)
        rows.append(
            (task.title.get(language), f"{item.earned if item else 0}/{task.points}", _time([item] if item else []))
        )
    return table([(_ITEM.get(language), _HEADS[2].get(language), _HEADS[3].get(language)), *rows])


def _time(items: Iterable[ItemProgress]) -> str:
    times = [datetime.fromisoformat(item.checked) for item in items]
    return max(times).astimezone().strftime("%Y-%m-%d %H:%M") if times else _NEVER
