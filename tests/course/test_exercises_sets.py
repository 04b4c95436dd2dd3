"""Every exercise set of the course: solutions pass and released notebooks start from nothing, in both languages."""

import ast
import re
from itertools import cycle

import nbformat
import pytest

from mlc_course.exercises.catalog import exercise_stems, load_exercise, load_tasks
from mlc_course.exercises.notebook_check import check_notebook
from mlc_course.exercises.notebooks import instructor_notebook, learner_notebook
from mlc_ref.language import LANGUAGES

STEMS = exercise_stems()
# Code cells are the same in both languages; each set is solved in one and released in the other.
SOLVED = list(zip(STEMS, cycle(LANGUAGES), strict=False))
RELEASED = list(zip(STEMS, cycle(reversed(LANGUAGES)), strict=False))


@pytest.mark.parametrize(("stem", "lang"), SOLVED)
def test_the_solution_gets_full_marks(tmp_path, stem, lang):
    path = tmp_path / f"{stem}.ipynb"
    nbformat.write(instructor_notebook(stem, lang), path)
    checked = check_notebook(path)
    assert checked.passed, "\n".join(map(str, checked.reports))
    assert {report.language for report in checked.reports} == {lang}


@pytest.mark.parametrize(("stem", "lang"), RELEASED)
def test_the_released_notebook_gets_nothing(tmp_path, stem, lang):
    path = tmp_path / f"{stem}.ipynb"
    nbformat.write(learner_notebook(stem, lang), path)
    checked = check_notebook(path)
    assert checked.problem is None
    assert {report.name: report.score for report in checked.reports} == {t.name: 0 for t in load_tasks(stem)}


@pytest.mark.parametrize("stem", STEMS)
def test_items_whose_solution_samples_have_a_seed(stem):
    sampling = {cell.item for cell in load_exercise(stem).cells if cell.role == "answer" and ".sample_" in cell.source}
    tasks = [task for task in load_tasks(stem) if task.kind == "trace" and task.name in sampling]
    assert [task.name for task in tasks if task.seed is None] == []


@pytest.mark.parametrize("stem", STEMS)
def test_starter_code_can_be_read_by_python(stem):
    for cell in learner_notebook(stem, "en").cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)


@pytest.mark.parametrize("stem", STEMS)
def test_prompts_name_every_part_of_their_item_and_its_points_in_both_languages(stem):
    prompts = prompts_of(stem)
    stated = {(task.name, lang, part.title.get(lang)): points_after(part.title.get(lang), prompts[task.name, lang])
              for task in load_tasks(stem) for part in task.parts for lang in LANGUAGES}  # fmt: skip
    true = {(task.name, lang, part.title.get(lang)): part.points
            for task in load_tasks(stem) for part in task.parts for lang in LANGUAGES}  # fmt: skip
    assert {place: numbers for place, numbers in stated.items() if true[place] not in numbers} == {}


def prompts_of(stem):
    """What stands before the answer cell of each item, in each language."""
    prompts: dict[tuple[str | None, str], str] = {}
    texts = dict.fromkeys(LANGUAGES, "")
    for cell in load_exercise(stem).cells:
        if cell.language is not None:
            texts[cell.language] += " ".join(cell.source.split()) + "\n"
        if cell.role == "answer":
            prompts |= {(cell.item, lang): texts[lang] for lang in LANGUAGES}
            texts = dict.fromkeys(LANGUAGES, "")
    return prompts


def points_after(title, text):
    """Numbers that stand behind a title: ``right numbers 2``, ``“… 480 sectors” 2``, ``**…**（2 分）`` or in a table's next column."""
    return [int(number) for number in re.findall(re.escape(title) + r"[”*）)]*[ |（(:：]*(\d+)", text, re.IGNORECASE)]


def test_points_are_found_behind_a_title_and_nowhere_else():
    for text in (
        "right numbers 2, fast 1",
        "“right numbers” 2.",
        "**right numbers** (2 points)",
        "| right numbers | 2 |",
    ):
        assert points_after("right numbers", text) == [2], text
    assert points_after("right numbers", "right numbers for 2 sizes, right numbers") == []
