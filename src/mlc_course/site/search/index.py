"""The data of the search: one file a language with its sections and the names of things, ``search.json``.

The browser makes the index from it (``chapters/_static/search``), once a reader searches. Sphinx's own index finds pages, not
sections, and is not made.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from mlc_course.site.search.sections import sections_of
from mlc_course.site.sphinx.glossary import Term, read_terms

SEARCH_DATA = "search.json"
SEARCH_PAGE = "search"
_SYNONYMS = Path(__file__).with_name("synonyms.csv")


def names_of(term: Term) -> tuple[list[str], list[str]]:
    """English and Chinese names of a term: those that a slash separates, and abbreviations in brackets.

    Another remark in brackets, ``fuse (loops)``, is no name. Chinese gives a second name in brackets where English has none.
    """
    remark = re.search(r"\((.*?)\)", term.name.en)
    english = [re.sub(r"\(.*?\)", "", term.name.en), *([remark[1]] if remark and remark[1].isupper() else [])]
    chinese = re.sub("（.*?）", "", term.name.zh) if remark else re.sub("[（）]", "/", term.name.zh)
    return _split(english), _split([chinese])


def _split(names: list[str]) -> list[str]:
    return [name.strip() for each in names for name in each.split("/") if name.strip()]


def read_synonyms(path: Path = _SYNONYMS) -> list[list[str]]:
    """Groups of words that readers use for the same thing, one group a line."""
    with path.open(encoding="utf-8", newline="") as file:
        return [[word.strip() for word in row] for row in csv.reader(file) if row]


def search_data(pages: Iterable[tuple[str, str]], glossary: Path) -> dict[str, Any]:
    """What the search of one language knows.

    Args:
        pages: name and HTML of each page.
        glossary: the table of terms; a course may have none.
    """
    terms = read_terms(glossary) if glossary.is_file() else []
    return {
        "sections": [asdict(section) for name, html in pages for section in sections_of(name, html)],
        "terms": [names_of(term) for term in terms],
        "synonyms": read_synonyms(),
    }


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")


def join_languages(folders: Iterable[Path]) -> None:
    """Let each language's headings be found by the other's: a section has the same address in both."""
    paths = [path for folder in folders if (path := folder / SEARCH_DATA).is_file()]
    all_data = [json.loads(path.read_text("utf-8")) for path in paths]
    titles = [{(s["page"], s["anchor"]): s["title"] for s in data["sections"]} for data in all_data]
    for path, data, own in zip(paths, all_data, titles, strict=True):
        others: list[Mapping[tuple[str, str], str]] = [each for each in titles if each is not own]
        for section in data["sections"]:
            key = section["page"], section["anchor"]
            section["other"] = " ".join(each[key] for each in others if key in each)
        _write(path, data)


def _write_data(app: Sphinx, failure: Exception | None) -> None:
    if failure is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    pages = ((name, (folder / f"{name}.html").read_text("utf-8")) for name in sorted(app.env.found_docs))
    _write(folder / SEARCH_DATA, search_data(pages, Path(app.config.mlc_root, "chapters", "glossary.csv")))


def _leave_sphinx_search(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]  # of the HTML builders; others ignore it


def _search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield SEARCH_PAGE, {}, "search.html"


def setup_search(app: Sphinx) -> None:
    app.connect("builder-inited", _leave_sphinx_search)
    app.connect("html-collect-pages", _search_page)
    app.connect("build-finished", _write_data)
