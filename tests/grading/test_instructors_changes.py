"""What an instructor changes in ``source/``, through nbgrader: points, tests of their own, checks that changed later."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.utils import compute_checksum
from submissions import light, submit, toy_notebook

from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.gradebook import Classroom, StepFailed
from mlc_course.grading.judging.grader import checks_version
from mlc_course.grading.vetting.cell_text import released
from mlc_course.root import course_root

pytestmark = pytest.mark.slow

SECRET = "-12345"
HIDDEN = f"### BEGIN HIDDEN TESTS\nassert triple({SECRET}) == -37035, 'negative numbers'\n### END HIDDEN TESTS"
TEST = f"assert triple(2) == 6\n{HIDDEN}"
SOLUTION = "def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION"
WRONG = "def triple(x):\n    return abs(3 * x)"


def own(grade_id: str, source: str, **data) -> nbformat.NotebookNode:
    metadata = {"grade_id": grade_id, "schema_version": 3, "task": False, "grade": False, "solution": False, **data}
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": metadata})


def change_source(room: Classroom, change) -> None:
    path = room.folder / "source" / "toy" / "toy.ipynb"
    notebook = nbformat.read(path, 4)
    change({cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}, notebook)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def changed(room):
    """The toy assignment with other points, and a test of the instructor's own."""

    def change(cells, notebook):
        cells["double"].metadata.nbgrader.points = 10
        cells["axis"].metadata.nbgrader.points = 0.5
        notebook.cells += [own("own-answer", SOLUTION, solution=True, locked=False)]
        notebook.cells += [own("own-test", TEST, grade=True, locked=True, points=5)]

    change_source(room, change)
    room.generate_assignment("toy")
    return room


def submission(answer: str = "def triple(x):\n    return 3 * x", *, double: str = ""):
    notebook = light() if not double else toy_notebook({"double-answer": double, "scale-answer": "scale = None",
                                                        "split-answer": "sch = None"}, solved=True)  # fmt: skip
    notebook.cells += [own("own-answer", answer), own("own-test", released(TEST))]
    return notebook


def page_of(room: Classroom, student: str) -> str:
    room.generate_feedback("toy", student)
    return (room.folder / "feedback" / student / "toy" / "toy.html").read_text("utf-8")


def scores_of(room: Classroom, student: str) -> dict[str, float]:
    scores = room.scores("toy", student)
    return {name: scores[name] for name in ("axis", "double", "own-test")}


def test_points_of_the_source_are_earned_in_full_and_in_proportion(changed):
    submit(changed, "ann", submission())
    submit(changed, "ben", submission(double="def double(x):\n    return 3 * x"))
    outcomes = grade_class(changed.folder, "toy", 1)
    assert scores_of(changed, "ann") == {"axis": 0.5, "double": 10, "own-test": 5}
    assert scores_of(changed, "ben")["double"] == 2.5
    assert outcomes["ann"].score == 15.5
    changed.autograde("toy", "ann")
    assert scores_of(changed, "ann")["double"] == 10
    assert "7.5/7.5" in page_of(changed, "ann")


def test_a_released_test_hides_its_hidden_lines_and_so_does_the_feedback(changed):
    notebook = submission(WRONG)
    notebook.cells[
        0
    ].source += "\nseen = []\nget_ipython().events.register('pre_run_cell', lambda info: seen.append(info.raw_cell))"
    notebook.cells.append(
        new_code_cell("print(seen)\nimport mlc_course.grading.in_box.endpoint as inside\nprint(vars(inside))")
    )
    submit(changed, "cid", notebook)
    changed.autograde("toy", "cid")
    assert scores_of(changed, "cid")["own-test"] == 0
    page = page_of(changed, "cid")
    assert "AssertionError: negative numbers" in page
    for path in (changed.folder / "release", changed.folder / "autograded", changed.folder / "feedback"):
        for file in filter(lambda file: file.is_file(), path.rglob("*")):
            assert SECRET not in file.read_text("utf-8"), file


def test_the_line_of_a_student_says_what_was_recovered(changed):
    notebook = submission()
    notebook.cells = [
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("axis", "double")
    ]
    submit(changed, "dot", notebook)
    outcome = grade_class(changed.folder, "toy", 1)["dot"]
    assert scores_of(changed, "dot") == {"axis": 0.5, "double": 10, "own-test": 5}
    assert "axis, double: the check cell was missing and was written back" in str(outcome)
    assert "double: the check cell was missing" in page_of(changed, "dot")
    assert "axis, double: the check cell" in str(grade_class(changed.folder, "toy", 1)["dot"]), "graded before"


def test_checks_that_changed_after_the_release_are_told(changed, capsys):
    release = nbformat.read(changed.folder / "release" / "toy" / "toy.ipynb", 4)
    before = checks_version("toy")
    assert release.metadata.mlc.checks == before
    submit(changed, "eli", submission())
    checks = course_root() / "exercises" / "toy" / "checks" / "axis.py"
    text = checks.read_text("utf-8")
    checks.write_text(text + "# newer\n", "utf-8")
    try:
        now = checks_version("toy")
        capsys.readouterr()
        grade_class(changed.folder, "toy", 1)
        assert f"toy was released with checks {before} and is judged by checks {now}" in capsys.readouterr().err
        assert f"(checks {now}, released with {before})" in page_of(changed, "eli")
    finally:
        checks.write_text(text, "utf-8")


def test_a_cell_that_cannot_be_judged_asks_for_points_by_hand(changed):
    submit(changed, "fay", submission())
    with changed.api.gradebook as gradebook:  # as an assignment that was released before such cells were refused
        cell = gradebook.find_source_cell("own-test", "toy", "toy")
        before = cell.source, cell.checksum
        cell.source = "assert triple("
        cell.checksum = compute_checksum(own("own-test", cell.source, grade=True, locked=True, points=5))
        gradebook.db.commit()
    try:
        assert "own-test (the test does not parse" in str(grade_class(changed.folder, "toy", 1)["fay"])
        with changed.api.gradebook as gradebook:
            grade = gradebook.find_grade("own-test", "toy", "toy", "fay")
            assert (grade.needs_manual_grade, grade.auto_score) == (True, None)
            assert not gradebook.find_grade("double", "toy", "toy", "fay").needs_manual_grade
        assert "given by hand" in page_of(changed, "fay")
    finally:
        with changed.api.gradebook as gradebook:
            cell = gradebook.find_source_cell("own-test", "toy", "toy")
            cell.source, cell.checksum = before
            gradebook.db.commit()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda cells, _: cells["double"].metadata.nbgrader.update(points=0),
            "(double) has 0 points: give it a number above 0",
        ),
        (lambda cells, _: cells["double"].metadata.nbgrader.update(points=-2), "(double) has -2 points"),
        (lambda cells, notebook: notebook.cells.remove(cells["axis"]), "The check cell of 'axis' is missing"),
        (lambda cells, _: cells["axis"].update(source="kind == 1"), "'axis' is judged by check"),
        (lambda cells, _: cells["own-test"].update(source="assert ("), "the test does not parse"),
    ],
)
def test_a_source_that_could_not_be_graded_is_not_released_and_the_command_says_why(changed, change, said):
    path = changed.folder / "source" / "toy" / "toy.ipynb"
    text = path.read_text("utf-8")
    known = changed.known_cells("toy")
    try:
        change_source(changed, change)
        with pytest.raises(StepFailed) as failed:
            changed.generate_assignment("toy")
        assert said in str(failed.value)
        assert "toy.ipynb was not released" in str(failed.value)
        assert changed.known_cells("toy") == known, "the gradebook keeps what it had"
    finally:
        path.write_text(text, "utf-8")
        changed.generate_assignment("toy")  # nbgrader removes what a failed release left


def test_a_released_notebook_with_a_test_of_ones_own_can_be_validated(changed, tmp_path, monkeypatch):
    from nbgrader.validator import Validator

    monkeypatch.setenv("MLC_COURSE_ROOT", str(course_root()))
    release = nbformat.read(changed.folder / "release" / "toy" / "toy.ipynb", 4)
    answers = {c.metadata.nbgrader.grade_id: c.source for c in submission().cells if "nbgrader" in c.metadata}
    for cell in release.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.endswith("-answer"):
            cell.source = answers[name]
    nbformat.write(release, tmp_path / "toy.ipynb")
    told = Validator().validate(str(tmp_path / "toy.ipynb"))
    failed = {cell["source"] for cell in told.get("failed", [])}
    assert failed == {'check("scale", scale)', 'check("split", sch)', "YOUR ANSWER HERE"}, "those that are not answered"
