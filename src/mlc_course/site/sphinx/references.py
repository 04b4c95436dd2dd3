"""The list of references, marked as the text cites: author and year, sorted by author.

``bibtex_reference_style: author_year`` of ``_config.yml`` writes the citations in the text.
"""

from collections.abc import Iterator, Sequence
from unicodedata import combining, normalize

from pybtex.database import Entry, Person
from pybtex.plugin import register_plugin
from pybtex.richtext import Text as RichText
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinx.application import Sphinx

STYLE = "mlc_author_year"
_MOST_NAMES = 2


def _surname(person: Person) -> str:
    """The last name with what stands before it (``van de Geijn``), LaTeX resolved."""
    return str(RichText.from_latex(" ".join([*person.prelast_names, *person.last_names])))


def author_year(entry: Entry) -> str:
    """``Chen and Guestrin, 2016`` or, from three authors on, ``Chen et al., 2018``.

    Without a year it ends in ``n.d.``, as in the text.

    Raises:
        ValueError: the entry has no author.
    """
    people, year = entry.persons.get("author"), entry.fields.get("year", "n.d.")
    if not people:
        raise ValueError(f"chapters/references.bib, {entry.key}: needs an author; an organization will do.")
    names = [_surname(person) for person in people]
    several = len(names) > _MOST_NAMES or names[-1] == "others"
    return f"{names[0]} et al., {year}" if several else f"{' and '.join(names)}, {year}"


class AuthorYearLabels(BaseLabelStyle):
    """Author and year as the mark of an entry; works of the same authors and year have a letter in their ``year``."""

    def format_labels(self, sorted_entries: Sequence[Entry]) -> Iterator[str]:
        return map(author_year, sorted_entries)


class AuthorYearOrder(BaseSortingStyle):
    """By author, year and title, capitals and accents apart; organizations stand among the people."""

    def sorting_key(self, entry: Entry) -> tuple[str, str, str]:
        names = " ".join(_surname(person) for person in entry.persons.get("author", ()))
        plain = "".join(char for char in normalize("NFKD", names) if not combining(char))
        return plain.casefold(), entry.fields.get("year", ""), entry.fields.get("title", "")


class AuthorYearStyle(PlainStyle):
    """Plain entries in ``AuthorYearOrder`` with ``AuthorYearLabels``."""

    default_label_style = AuthorYearLabels
    default_sorting_style = AuthorYearOrder


def setup_references(app: Sphinx) -> None:
    """Make the style known under the name that ``_config.yml`` gives to sphinxcontrib-bibtex."""
    register_plugin("pybtex.style.formatting", STYLE, AuthorYearStyle, force=True)
