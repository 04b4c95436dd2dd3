"""One source gives notebooks in both languages with the same code, ids and points, solutions only where they belong."""

from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from mlc_course.exercises.notebooks import build_notebooks, instructor_notebook, learner_notebook
from mlc_course.exercises.source import answer_id
from mlc_ref.language import LANGUAGES

TOY = Path(__file__).parent / "data" / "toy"


def code(notebook):
    return [(c.id, c.source, c.metadata) for c in notebook.cells if c.cell_type == "code"][1:]


@pytest.mark.parametrize("make", [instructor_notebook, learner_notebook])
def test_both_languages_have_the_same_code_ids_and_points(make):
    english, chinese = (make("toy", lang, TOY) for lang in LANGUAGES)
    assert code(english) == code(chinese)
    assert [c.id for c in english.cells if c.cell_type == "code"] == [
        c.id for c in chinese.cells if c.cell_type == "code"
    ]


def test_each_notebook_has_the_text_of_its_language_only():
    texts = {
        lang: [c.source for c in learner_notebook("toy", lang, TOY).cells if c.cell_type == "markdown"]
        for lang in LANGUAGES
    }
    assert texts["en"][0].startswith("# Toy exercises")
    assert texts["zh"][0].startswith("# 玩具练习")
    assert len(texts["en"]) == len(texts["zh"])
    assert not set(texts["en"]) & set(texts["zh"])


def test_notebooks_are_valid_and_carry_nbgraders_metadata():
    notebook = instructor_notebook("toy", "en", TOY)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    graded = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata}
    assert {name: meta.points for name, meta in graded.items() if meta.grade} == {
        "axis": 2,
        "double": 4,
        "scale": 3,
        "split": 3,
    }
    assert graded["double"].locked
    answer = graded[answer_id("double")]
    assert (answer.solution, answer.grade, answer.locked) == (True, False, False)


def test_the_learners_notebook_holds_stubs_and_the_instructors_the_solution():
    learner, instructor = (make("toy", "en", TOY) for make in (learner_notebook, instructor_notebook))
    sources = [{c.id: c.source for c in notebook.cells} for notebook in (learner, instructor)]
    name = answer_id("double")
    assert sources[0][name] == "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert "return 2 * x" in sources[1][name]
    assert not any("SOLUTION" in source for source in sources[0].values())


def test_the_first_cell_defines_check_in_the_notebooks_language_and_says_how_to_install():
    first = learner_notebook("toy", "zh", TOY).cells[0]
    assert 'check = checker("toy", "zh")' in first.source
    assert "https://example.org/toy" in first.source
    assert "nbgrader" not in first.metadata


def test_building_writes_one_file_a_language_and_the_same_bytes_each_time(tmp_path):
    paths = build_notebooks(tmp_path, root=TOY)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == ["en/toy.ipynb", "zh/toy.ipynb"]
    before = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in build_notebooks(tmp_path, root=TOY)] == before
