"""Run the rules over one topic or the whole course."""

from pathlib import Path

from mlc_course.authoring.lint import (  # noqa: F401  (they register their rules)
    chinese,
    code,
    exercises,
    glossary_links,
    listings,
    messages,
    pages,
    topics,
)
from mlc_course.authoring.lint.registry import RULES, Rule
from mlc_course.root import pages as all_pages
from mlc_course.root import stems


def names_for(rule: Rule, root: Path) -> list[str]:
    """What a rule is called for: all pages, all topics, or ``[""]``, the course."""
    return {"page": all_pages, "topic": stems, "course": lambda _root: [""]}[rule.scope](root)


def findings(rule: Rule, name: str, root: Path) -> list[str]:
    """What a rule finds; a file that is missing is its finding."""
    try:
        return rule.check(name, root)
    except FileNotFoundError as error:
        return [f"{error.filename or error}: missing"]


def lint(root: Path, stem: str | None = None) -> list[str]:
    """All findings, each once, in the order of the rules.

    Args:
        stem: only this page or topic, and the rules for the whole course.
    """
    found = [
        sentence
        for rule in RULES
        for name in ([stem] if stem and rule.scope != "course" else names_for(rule, root))
        for sentence in findings(rule, name, root)
    ]
    return list(dict.fromkeys(found))
