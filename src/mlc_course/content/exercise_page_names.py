"""Names of the pages of the exercise sets: ``exercises_<stem>``, without folder and ending."""

from pathlib import Path

from mlc_course.root import pages

PREFIX = "exercises_"


def sets_with_page(root: Path) -> list[str]:
    """The exercise sets of the topics in the contents, in their order."""
    return [name for name in pages(root) if (root / "exercises" / name / "exercise.md").is_file()]


def page_name(stem: str) -> str:
    """Name of the page of a set, without folder and ending."""
    return PREFIX + stem


def is_exercise_page(name: str) -> bool:
    """Whether a page (its name without folder and ending) is one of these."""
    return name.startswith(PREFIX)


def set_of_page(name: str) -> str:
    """The exercise set of such a page."""
    return name.removeprefix(PREFIX)


def page_names(root: Path) -> list[str]:
    """Names of the pages of all sets."""
    return [page_name(stem) for stem in sets_with_page(root)]
