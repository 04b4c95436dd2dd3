"""The sections of a built page: what the search looks through and what its results show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, SoupStrainer, Tag

# Not a section's own words: links to headings, results of cells, drawings, data of widgets, contents of parts.
_LEFT_OUT = "script, style, svg, annotation, .headerlink, .cell_output, .mlc-widget, .toctree-wrapper, .mlc-progress"
_BLOCKS = ["p", "li", "dt", "dd", "td", "th", "summary", "figcaption", "div", "h1", "h2", "h3", "h4"]
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
EXERCISES = "exercises_"


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it, up to the next heading; or one entry of the glossary.

    Attributes:
        page: name of the page's file, without ``.html``.
        anchor: the part of the address after ``#``.
        title: the heading.
        text: the prose below it, white space collapsed.
        code: the listings below it.
        level: of the heading, 1 for the page's own; of an entry of the glossary 2.
        terms: the glossary's terms that the section explains or uses first, in both languages.
    """

    page: str
    anchor: str
    title: str
    text: str
    code: str
    level: int
    terms: str


def _words(element: Tag) -> str:
    return re.sub(r"\s+", " ", element.get_text()).strip()


def _take(page: str, section: Tag) -> Section | None:
    """A section without sections in it as it leaves the tree; ``None`` where it has no heading."""
    section.extract()
    heading = section.find(_HEADINGS)
    if not isinstance(heading, Tag):
        return None
    title = _words(heading.extract())
    links = section.select("a.mlc-term[data-other]:not([data-passing])")
    terms = " ".join(f"{_words(link)} {link['data-other']}" for link in links)
    code = " ".join(_words(listing.extract()) for listing in section.find_all("pre"))
    return Section(page, str(section["id"]), title, _words(section), code, int(heading.name[1]), terms)


def _glossary_terms(page: str, article: BeautifulSoup) -> Iterator[Section]:
    for term in article.select("dl.course-glossary dt[id]"):
        meaning = term.find_next_sibling("dd")
        own, other = term.find("strong"), term.select_one(".other-language")
        if isinstance(meaning, Tag) and isinstance(own, Tag) and other is not None:
            yield Section(page, str(term["id"]), _words(own), _words(meaning.extract()), "", 2, _words(other))
        term.extract()


def sections_of(page: str, html: str) -> list[Section]:
    """All sections of a page in their order, entries of the glossary last.

    What folds on a page of exercises (hints and solutions) is left out: a search is not to show it.
    """
    article = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("article"))
    for element in article.select(_LEFT_OUT + (", details" if page.rpartition("/")[2].startswith(EXERCISES) else "")):
        element.decompose()
    for element in article.find_all(_BLOCKS):
        element.append(" ")
    terms = list(_glossary_terms(page, article))
    found = []
    # Backwards, so that a section's inner sections have left it before its own words are taken.
    for element in reversed(article.select("section[id]")):
        section = _take(page, element)
        if section is not None:
            found.append(section)
    return [*reversed(found), *terms]
