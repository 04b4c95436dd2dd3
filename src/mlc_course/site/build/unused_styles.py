"""Style sheets without what no page uses: rules for classes that stand nowhere, and comments.

A class is in use if its name stands anywhere in a page or a script as a word, as PurgeCSS decides it too. The theme and
sphinx-design bring rules for some thousand classes, of which the course's pages have a few hundred.
"""

import re
from collections.abc import Set as AbstractSet
from pathlib import Path

from mlc_course.site.build.bundles import STATIC

_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.S)
_LICENCE = re.compile(r"/\*!.*?\*/", re.S)
# Strings may hold braces; a rule that nests others is passed by, and those inside it are looked at.
_RULE = re.compile(r"(?P<selectors>[^{};@\"']+)\{(?:[^{}\"']|\"[^\"]*\"|'[^']*')*\}")
_NOT = re.compile(r":not\([^()]*\)")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_WORD = re.compile(r"[\w-]+")
# Scripts put these names together from parts.
_COMPOSED = ("bs-", "mlc-")


def words_in_use(folder: Path) -> set[str]:
    """Every word in the pages and scripts of one language."""
    paths = [*folder.glob("*.html"), *(folder / STATIC).rglob("*.js")]
    return {word for path in paths for word in _WORD.findall(path.read_text("utf-8"))}


def _is_unused(selector: str, used: AbstractSet[str]) -> bool:
    return any(name not in used and not name.startswith(_COMPOSED) for name in _CLASS.findall(selector))


def without_unused(text: str, used: AbstractSet[str]) -> str:
    """The style sheet without comments, but for licences, and without rules of which no selector can match.

    Args:
        used: names of classes in use, see ``words_in_use``.
    """
    licences = "".join(f"{licence}\n" for licence in dict.fromkeys(_LICENCE.findall(text)))

    def kept(match: re.Match[str]) -> str:
        selectors = _NOT.sub("", match["selectors"])
        # Of :is(…) and its like any alternative may match; an escaped name is no plain word.
        if "(" in selectors or "\\" in selectors:
            return match[0]
        return "" if all(_is_unused(each, used) for each in selectors.split(",")) else match[0]

    return licences + _RULE.sub(kept, _LICENCE.sub("", _COMMENT.sub("", text)))
