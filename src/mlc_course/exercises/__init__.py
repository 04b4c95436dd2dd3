"""Exercise sets: one bilingual source each, the notebooks made of it, and judging a learner's answers."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlc_course.exercises.learner import checker

__all__ = ["checker"]


def __getattr__(name: str) -> Any:
    # Late, so that `mlc --help` does not wait for NumPy and the rest.
    if name == "checker":
        from mlc_course.exercises.learner import checker

        return checker
    raise AttributeError(name)
