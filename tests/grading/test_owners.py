"""A name says whose a file is, in every script, and as browsers, systems and platforms write it."""

import unicodedata

import pytest

from mlc_course.grading.collecting.names import name_problem, place_of, shown, student_name
from mlc_course.grading.collecting.owners import ByName, Owner, attempt_in, junk

RULE = ByName(["toy"], ["my_toy", "other"])


def owner(path: str, rule: ByName = RULE) -> tuple[str, str, int] | str:
    found = rule.owner(place_of(path))
    if isinstance(found, str):
        return found
    return found.problem or (found.student, found.number, found.attempt)


@pytest.mark.parametrize(
    "student",
    ["ada", "Ada Lovelace", "jo_smith", "20240001", "_x", "a.b@c.org", "O'Brien", "李雷", "阿卜杜·热合曼", "Zoë", "नमस्ते", "कृष्णा",
     "สมชาย ใจดี", "محمد", "دانيال", "יוסף", "Nguyễn Văn", "Ñandú (2)", "علی\u200cرضا", "ക്\u200dഷ"],
)  # fmt: skip
def test_students_are_called_in_every_script(student):
    assert owner(f"{student}_toy.ipynb") == (unicodedata.normalize("NFC", student), "", 0)


def test_a_name_written_with_accents_apart_or_other_spaces_is_the_same_student():
    nfd = unicodedata.normalize("NFD", "Zoë Ü_toy.ipynb")
    assert owner(nfd) == owner("Zoë Ü_toy.ipynb") == ("Zoë Ü", "", 0)
    assert student_name("李\u3000雷\ufe0f") == "李 雷"


@pytest.mark.parametrize(
    ("student", "why"),
    [("..", "begins with"), (".ada", "begins with"), ("-rf", "begins with"), (" ada", "begins with"), ("ada.", "does not end"),
     ("ada ", "does not end"), ("CON", "Windows"), ("com1.x", "Windows"), ("nul", "Windows"), ("🎉ada", "begins with"),
     ("ada🎉", r"U+1F389"), ("a$b", "U+0024"), ("a*b", "U+002A"), ("a[b]", "U+005B"), ("a{b}", "U+007B"), ("a\u200db", "U+200D"),
     ("ada\u202e", "U+202E"), ("a\x1b[2J", "U+001B"), ("a/b", "U+002F"), ("a\0b", "U+0000"), ("a\\b", "U+005C"),
     ("x" * 129, "at most 128"), ("न" * 70, "200 bytes"), ("", "begins with"), ("\u0301a", "begins with")],
)  # fmt: skip
def test_names_that_could_be_paths_options_or_steer_a_terminal_are_refused(student, why):
    assert why in str(name_problem(student))


@pytest.mark.parametrize("name", ["CON_toy.zip", ".._toy.zip", "-rf_toy.ipynb", "x🎉_toy.ipynb"])
def test_a_refused_name_is_no_archive_of_the_class(name):
    found = RULE.owner((name,))
    assert isinstance(found, Owner)
    assert found.problem


@pytest.mark.parametrize(
    ("name", "expected"),
    [("jo_smith_toy.tar.gz", ("jo_smith", "", 0)), ("ada_toy.IPYNB", ("ada", "", 0)), ("ada_Toy.ipynb", ("ada", "", 0)),
     ("toy_toy.ipynb", ("toy", "", 0)), ("ada_toy (1).ipynb", ("ada", "", 1)), ("ada_toy(12).ipynb", ("ada", "", 12)),
     ("ada_toy-3.ipynb", ("ada", "", 3)), ("ada_toy - Copy.ipynb", ("ada", "", 1)), ("ada_toy - Copy (2).ipynb", ("ada", "", 2)),
     ("ada_toy-Copy1.ipynb", ("ada", "", 1)), ("ada_toy copy 2.ipynb", ("ada", "", 2)), ("ada_toy - 副本.ipynb", ("ada", "", 1)),
     ("ada_toy的副本.ipynb", ("ada", "", 1)), ("ada_toy (1).zip", ("ada", "", 1)),
     ("ada_other.zip", "a notebook of other, not of toy"), ("ada_my_toy.ipynb", "a notebook of my_toy, not of toy")],
)  # fmt: skip
def test_further_files_of_a_name_are_further_attempts(name, expected):
    assert owner(name) == expected


@pytest.mark.parametrize("name", ["_toy.zip", "toy.zip", "ada.ipynb", "ada_toy2.ipynb", "ada_toycopy.ipynb", "x.zip"])
def test_a_name_without_student_or_assignment_is_nobodys(name):
    assert owner(name) == "name it <student>_toy.ipynb"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("Li Wei_101_assignsubmission_file_/x.ipynb", ("Li Wei", "101", 0)), ("李雷_7_assignsubmission_file_/toy (2).ipynb", ("李雷", "7", 2)),
     ("Li Wei_101_assignsubmission_file_toy.ipynb", ("Li Wei", "101", 0)),
     ("Mal_9_assignsubmission_file_/bo_toy.ipynb", ("Mal", "9", 0)),
     ("Mal_9_assignsubmission_file_/Bo_8_assignsubmission_file_/toy.ipynb", ("Mal", "9", 0)),
     ("onestudent_201_9001_toy.ipynb", ("onestudent", "201", 0)), ("two_LATE_202_9002_toy-1.ipynb", ("two", "202", 1)),
     ("mal_202_9002_bo_toy.ipynb", ("mal", "202", 0)), ("mal_202_9002_bo_201_9001_toy.ipynb", ("mal", "202", 0)),
     ("cs_2024_001_toy.ipynb", ("cs_2024_001", "", 0))],
)  # fmt: skip
def test_the_part_of_a_name_that_moodle_or_canvas_made_says_whose_a_file_is(path, expected):
    assert owner(path) == expected


def test_a_student_of_the_gradebook_whose_name_looks_like_canvass_is_that_student():
    rule = ByName(["toy"], roster={"cs_01_20240001": "cs_01_20240001"})
    assert owner("cs_01_20240001_toy.ipynb", rule) == ("cs_01_20240001", "", 0)


def test_a_student_is_spelled_as_in_the_gradebook():
    nfd = unicodedata.normalize("NFD", "Zoë")
    assert owner("Zoë_toy.ipynb", ByName(["toy"], roster={student_name(nfd): nfd})) == (nfd, "", 0)


def test_attempts_are_read_in_time_linear_in_a_name():
    assert attempt_in("hw" + " (1" * 80) == ("hw" + " (1" * 80, 0)


def test_what_systems_and_jupyter_leave_behind_is_junk():
    assert all(
        map(junk, [("__MACOSX", "._a_toy.ipynb"), ("x", ".ipynb_checkpoints", "toy-checkpoint.ipynb"), ("._a",)])
    )
    assert not junk(("a", "toy.ipynb"))


def test_text_is_shown_without_characters_that_steer():
    assert shown("a\x1b[2J\u202eb\u2066\0\ud800é甲") == r"a\x1b[2J\u202eb\u2066\x00\ud800é甲"
    assert len(shown("x" * 10_000)) == 70
    assert len(shown("\u202e" * 10_000)) == 70
