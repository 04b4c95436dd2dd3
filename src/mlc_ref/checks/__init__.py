"""Checks that say what was expected, what was found and where, in English and Chinese.

One check serves the chapters, the learner (``check(...)`` in a notebook, ``mlc check``) and the grader.

* ``failure``: the exception a check raises, and ``require``.
* ``task``: an exercise item as parts with points, and the report of judging it.
* ``values``: checks on numbers, arrays and plain answers.

Predicates over TensorIR and Relax live in modules of their own; import them by name, so that
checking a plain value does not import TVM.
"""

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.checks.task import Part, PartResult, Report, Task
from mlc_ref.checks.values import arrays_match, equal_value, one_of

__all__ = [
    "CheckFailure",
    "Part",
    "PartResult",
    "Report",
    "Task",
    "arrays_match",
    "equal_value",
    "one_of",
    "require",
]
