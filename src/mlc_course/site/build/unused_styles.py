"""Style sheets without what no page uses: rules for classes that stand nowhere, and comments.

A class is in use if its name stands anywhere in a page or a script as a word, as PurgeCSS decides it too. The theme and
sphinx-design bring rules for some thousand classes, of which the course's pages have a few hundred.
"""

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2

from mlc_course.site.build.bundles import STATIC

_WORD = re.compile(r"[\w-]+")
_CONDITIONAL = {"media", "supports"}
# Scripts put these names together from parts.
_COMPOSED = ("bs-", "mlc-")


def words_in_use(folder: Path) -> set[str]:
    """Every word in the pages and scripts of one language."""
    paths = [*folder.glob("*.html"), *(folder / STATIC).rglob("*.js")]
    return {word for path in paths for word in _WORD.findall(path.read_text("utf-8"))}


def without_unused(text: str, used: AbstractSet[str]) -> str:
    """The style sheet without comments, but for licences, and without rules of which no selector can match.

    Args:
        used: names of classes in use, see ``words_in_use``.
    """
    return tinycss2.serialize(_in_use(tinycss2.parse_stylesheet(text), used))


def _in_use(nodes: list[Any], used: AbstractSet[str]) -> list[Any]:
    return [node for node in nodes if _is_kept(node, used)]


def _is_kept(node: Any, used: AbstractSet[str]) -> bool:
    """Whether a node of a list of rules stays; what is left out of an ``@media`` is taken out of the node."""
    if node.type == "comment":
        return node.value.startswith("!")
    if node.type == "qualified-rule":
        node.content = [token for token in node.content if token.type != "comment"]
        return any(_can_match(selector, used) for selector in _selectors(node.prelude))
    if node.type == "at-rule" and node.content is not None and node.lower_at_keyword in _CONDITIONAL:
        node.content = _in_use(tinycss2.parse_rule_list(node.content), used)
        return any(inner.type != "whitespace" for inner in node.content)
    return True


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """The tokens of each selector in a list of selectors."""
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _can_match(selector: list[Any], used: AbstractSet[str]) -> bool:
    """Whether each class that an element must have is in use; what stands in ``:not(…)`` or ``:is(…)`` is not looked at."""
    classes = [name.value for dot, name in pairwise(selector) if dot == "." and name.type == "ident"]
    return all(name in used or name.startswith(_COMPOSED) or not _WORD.fullmatch(name) for name in classes)
