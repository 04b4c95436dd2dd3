"""What may go wrong with a gradebook behind the grader's back."""

from typing import Any


def remove_student(gradebook: Any) -> None:
    gradebook.remove_student("ada")


def remove_submission(gradebook: Any) -> None:
    gradebook.remove_submission("toy", "ada")


def change_a_score(gradebook: Any) -> None:
    gradebook.find_grade("double", "toy", "toy", "ada").auto_score = 0
    gradebook.db.commit()


def forget_a_score(gradebook: Any) -> None:
    gradebook.find_grade("axis", "toy", "toy", "ada").auto_score = None
    gradebook.db.commit()


def remove_a_grade(gradebook: Any) -> None:
    gradebook.remove_submission("toy", "ada")
    gradebook.add_submission("toy", "ada")


def invent_a_penalty(gradebook: Any) -> None:
    gradebook.find_submission_notebook("toy", "toy", "ada").late_submission_penalty = 2
    gradebook.db.commit()
