"""A student's folder that is renamed: the marks go along, and equal work of another student takes none."""

import shutil

import pytest
from graded_class import again, leave_out

from mlc_course import cli

pytestmark = pytest.mark.usefixtures("nothing_is_run_again")


def test_marks_go_along_with_a_folder_that_is_renamed(room, state, capsys):
    with room.api.gradebook as gradebook:
        grade = gradebook.find_grade("axis", "toy", "toy", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1, 0.5, False
        gradebook.db.commit()
    (room.folder / "submitted" / "ada").rename(room.folder / "submitted" / "ada.lovelace")
    try:
        assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.DONE
        said = capsys.readouterr().out
        assert "ada is now ada.lovelace: the marks went along." in said
        assert "ada.lovelace" in said.splitlines()[2]
        assert "5.5/17  graded before" in said.splitlines()[2]
        assert "ada" not in room.roster()
        assert not (room.folder / "autograded" / "ada").exists()
    finally:
        (room.folder / "submitted" / "ada.lovelace").rename(room.folder / "submitted" / "ada")
        assert again(room).renamed == {"ada.lovelace": "ada"}
        with room.api.gradebook as gradebook:
            gradebook.find_grade("axis", "toy", "toy", "ada").manual_score = None
            gradebook.find_grade("axis", "toy", "toy", "ada").extra_credit = None
            gradebook.db.commit()


def test_equal_work_of_another_student_is_not_taken_for_a_renamed_folder(room, capsys):
    place = room.folder / "submitted" / "ada"
    other = room.folder / "submitted" / "twin"
    shutil.copytree(place, other)
    place.rename(room.folder / "withdrawn")
    try:
        graded = again(room)
        assert graded.renamed == {}
        assert graded.gone == ["ada"]
        assert "In the gradebook, but no longer in submitted/: ada." in graded.summary()
    finally:
        (room.folder / "withdrawn").rename(place)
        leave_out(room, "twin", other)
