"""Links from an exercise to the section of the chapter that teaches it.

In ``exercise.md`` such a link reads ``[The elements](chapter:introduction-elements)``; in a notebook it
becomes the section's public address in the notebook's language.
"""

import re
from pathlib import Path

from mlc_course.content.pages import anchor_of, read_page
from mlc_course.content.settings import read_settings
from mlc_course.root import pages
from mlc_ref.language import Language

_LINK = re.compile(r"\]\(chapter:([\w-]+)\)")


class UnknownSection(ValueError):
    """An exercise links to a section that no chapter has."""


def page_of(label: str, root: Path) -> str:
    """Name of the page that has the label.

    Raises:
        UnknownSection: there is none.
    """
    candidates = [name for name in pages(root) if label == name or label.startswith(f"{name}-")]
    for name in sorted(candidates, key=len, reverse=True):
        if label in read_page(name, "en", root).labels:
            return name
    raise UnknownSection(
        f"chapter:{label}: no page of _toc.yml has the label ({label})=. Labels begin with the name of their page."
    )


def resolve_links(text: str, lang: Language, root: Path) -> str:
    """The text with every ``chapter:`` link replaced by the section's address.

    Raises:
        UnknownSection: a link leads nowhere.
    """
    if "](chapter:" not in text:
        return text
    site = read_settings(root).site_url

    def address(match: re.Match) -> str:
        return f"]({site}{lang}/{page_of(match[1], root)}.html#{anchor_of(match[1])})"

    return _LINK.sub(address, text)
