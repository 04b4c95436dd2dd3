"""Rules register here; a rule is given a topic or the whole course and returns what to mend, one sentence a finding."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Scope = Literal["page", "topic", "course"]
Check = Callable[[str, Path], list[str]]


@dataclass(frozen=True)
class Rule:
    """One static rule.

    Attributes:
        name: name of its function, with spaces.
        scope: what ``check`` is called for: each page of the contents, each topic, or once for the course (with ``""``).
        check: ``check(name, root)`` returns sentences of the form ``path: what is wrong, what to write``.
    """

    name: str
    scope: Scope
    check: Check


RULES: list[Rule] = []


def rule(scope: Scope) -> Callable[[Check], Check]:
    """Register a function as a rule."""

    def register(check: Check) -> Check:
        RULES.append(Rule(check.__name__.replace("_", " "), scope, check))
        return check

    return register
