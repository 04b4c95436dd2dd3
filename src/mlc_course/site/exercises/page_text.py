"""The page of an exercise set as MyST Markdown: prompts, starter code, points and folded solutions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlc_course.content.exercise_page_names import page_name
from mlc_course.exercises.source import BEGIN_SOLUTION, END_SOLUTION, Cell, Exercise
from mlc_ref.checks.task import Task
from mlc_ref.language import Language, Text

_CHAPTER_LINK = re.compile(r"\]\(chapter:([\w-]+)\)")
_HEADING = re.compile(r"^#{1,6} ")
_RUN_OF_TICKS = re.compile(r"`{3,}")
_USE = Text(
    "Solve the exercises in {{exercise-download}}`the notebook of this set <{stem}>`: in it, `check(…)` judges an answer, "
    "part by part. They ask for what [the chapter](#{stem}) teaches.",
    "请在{{exercise-download}}`本练习集的笔记本 <{stem}>`里作答：其中的 `check(…)` 会逐项评判答案。题目所需的知识都在[对应的章节](#{stem})里。",
)
_TABLE_HEAD = Text("| exercise | points |", "| 练习 | 分值 |")
_ALL = Text("all", "合计")
_JUDGED = Text(
    "In the notebook, `{call}` judges the answer. Points: {points}.", "在笔记本里用 `{call}` 评判答案。分值：{points}。"
)
_SOLUTION = Text("Reference solution", "参考解答")


@dataclass(frozen=True)
class ExerciseSet:
    """What a page is made of.

    Attributes:
        starter: the starter code of each item, as in the notebook handed out.
    """

    exercise: Exercise
    tasks: tuple[Task, ...]
    starter: Mapping[str, str]


def item_label(stem: str, item: str) -> str:
    """Label of an item's heading; the page's own is its name."""
    return f"{page_name(stem)}-{item}"


def page_text(content: ExerciseSet, lang: Language, *, solutions: bool) -> str:
    """The page in one language.

    Args:
        solutions: whether to fold the reference solutions under their items; without, they are nowhere on the page.
    """
    labels = _labels(content.exercise, lang)
    points = {task.name: task.points for task in content.tasks}
    blocks: list[str] = []
    for cell in content.exercise.cells:
        if cell.language in (None, lang):
            blocks += _cell_blocks(cell, content, lang, labels, points, solutions)
        if cell is _introduction(content.exercise, lang):
            blocks.append(_overview(content, lang))
    return "\n\n".join(blocks) + "\n"


def _cell_blocks(
    cell: Cell, content: ExerciseSet, lang: Language, labels: dict[int, str], points: dict[str, int], solutions: bool
) -> list[str]:
    if cell.role == "prose":
        label = [f"({labels[cell.number]})="] if cell.number in labels else []
        return ["\n".join([*label, _CHAPTER_LINK.sub(r"](#\1)", cell.source)])]
    if cell.role == "check":
        item = str(cell.item)
        judged = [_JUDGED.format(call=cell.source, points=points[item]).get(lang)]
        return judged + ([_solution(content.exercise, item, lang)] if solutions else [])
    return [_code(content.starter[str(cell.item)] if cell.role == "answer" else cell.source)]


def _solution(exercise: Exercise, item: str, lang: Language) -> str:
    answer = next(cell for cell in exercise.cells if cell.role == "answer" and cell.item == item)
    lines = [line for line in answer.source.splitlines() if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION)]
    return f":::{{dropdown}} {_SOLUTION.get(lang)}\n{_code(chr(10).join(lines))}\n:::"


def _code(source: str) -> str:
    """A code block that is shown, not run; its fence is longer than any inside it."""
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _RUN_OF_TICKS.findall(source))])
    return f"{fence}python\n{source}\n{fence}"


def _overview(content: ExerciseSet, lang: Language) -> str:
    """How to work on the set, and its items with their points."""
    stem = content.exercise.stem
    rows = [f"| [{t.title.get(lang)}](#{item_label(stem, t.name)}) | {t.points} |" for t in content.tasks]
    total = f"| {_ALL.get(lang)} | {sum(task.points for task in content.tasks)} |"
    return "\n".join([_USE.format(stem=stem).get(lang), "", _TABLE_HEAD.get(lang), "|---|---:|", *rows, total])


def _prose(exercise: Exercise, lang: Language) -> Iterable[Cell]:
    return (cell for cell in exercise.cells if cell.role == "prose" and cell.language == lang)


def _introduction(exercise: Exercise, lang: Language) -> Cell | None:
    return next(iter(_prose(exercise, lang)), None)


def _labels(exercise: Exercise, lang: Language) -> dict[int, str]:
    """The label of each cell that begins with a heading: the page's, then the item's that follows, else its place."""
    headed = [cell for cell in _prose(exercise, lang) if _HEADING.match(cell.source)]
    labels: dict[int, str] = {}
    for place, cell in enumerate(headed):
        end = headed[place + 1].number if place + 1 < len(headed) else float("inf")
        items = [c.item for c in exercise.cells if c.role == "answer" and cell.number < c.number < end]
        labels[cell.number] = item_label(exercise.stem, items[0] if items and items[0] else str(place))
    if headed:
        labels[headed[0].number] = page_name(exercise.stem)
    return labels
