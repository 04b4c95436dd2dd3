"""Citations in a notebook, with the words of the website: author and year."""

from functools import lru_cache

from pybtex.backends.markdown import Backend
from pybtex.database import parse_string
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join, year


@lru_cache
def citation_labels(bibliography: str) -> dict[str, str]:
    """What stands for each key of a BibTeX file, as Markdown: ``Feng *et al.*, 2023``."""
    # The style that ``bibtex_reference_style: author_year`` names in ``_config.yml``.
    style = AuthorYearReferenceStyle()
    label = join(sep=style.author_year_sep)[style.person.author_or_editor_or_title(full=False), year]
    entries = parse_string(bibliography, "bibtex").entries
    shown = {key: label.format_data({"entry": entry, "style": style}) for key, entry in entries.items()}
    # The backend escapes full stops and hyphens, which mean nothing within a line.
    return {key: text.render(Backend()).replace("\\.", ".").replace("\\-", "-") for key, text in shown.items()}
