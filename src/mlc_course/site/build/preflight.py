"""What can be known to be wrong before a page is executed: one function a rule, all problems at once.

Executing the pages takes minutes and finds a wrong link at its end. Rules look at the sources; what they cannot see
(labels inside other blocks, formulas) Sphinx still reports.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from mlc_course.content.addresses import LIST, read_addresses
from mlc_course.content.errors import SiteError
from mlc_course.content.exercise_page_names import page_name, page_names, sets_with_page
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.page_references import Reference, directives, names, references
from mlc_course.content.pages import Page
from mlc_course.content.settings import read_settings
from mlc_course.content.source_part import source_part
from mlc_course.root import pages, stems
from mlc_course.site.build.contents import contents_for
from mlc_course.site.notebooks.environment_cell import pins
from mlc_course.site.sphinx.course_map import MapError, map_lines
from mlc_course.site.sphinx.glossary import read_terms
from mlc_ref.language import Language

_ENTRY = re.compile(r"^@\w+\{([^,\s]+),", re.M)
_LABEL_ROLES = ("ref", "numref", "eq")
# Chapters link a term by its anchor alone, or on the page of the glossary.
GLOSSARY, TERM = "glossary", "#term-"


@dataclass(frozen=True)
class Sources:
    """The course as its files say, for the languages that are built."""

    root: Path
    languages: tuple[Language, ...]

    @cached_property
    def pages(self) -> list[tuple[Language, Page]]:
        """The pages of the contents that exist."""
        paths = [
            (language, self.root / "chapters" / language / f"{name}.md")
            for language in self.languages
            for name in pages(self.root)
        ]
        return [(language, Page(path, path.read_text("utf-8"))) for language, path in paths if path.is_file()]

    def references(self, *kinds: str) -> Iterator[tuple[str, Language, Reference]]:
        """``(place, language, reference)`` of every reference of some kinds."""
        for language, page in self.pages:
            for reference in references(page):
                if reference.kind in kinds:
                    yield f"{self.place(page)}:{reference.line}", language, reference

    def place(self, page: Page) -> str:
        return page.path.relative_to(self.root).as_posix()


def missing_pages(sources: Sources) -> Iterable[str]:
    """Every page of the contents exists in every language, also in those that are not built now."""
    for name in pages(sources.root):
        for language in SITE_LANGUAGES:
            if not (sources.root / "chapters" / language / f"{name}.md").is_file():
                yield (
                    f"chapters/{language}/{name}.md: _toc.yml names this page, but it does not exist. Write it, correct "
                    "the spelling in _toc.yml, or take the entry out."
                )


def contents(sources: Sources) -> Iterable[str]:
    """Entries of the contents are English pages; captions have Chinese names."""
    toc = yaml.safe_load((sources.root / "_toc.yml").read_text("utf-8"))
    for language in SITE_LANGUAGES:
        yield from _told(lambda language=language: contents_for(toc, language))  # type: ignore[misc]


def configuration(sources: Sources) -> Iterable[str]:
    """Addresses, redirects and pins that are needed when the site is put together."""
    yield from _told(lambda: read_settings(sources.root))
    yield from _told(lambda: pins(sources.root))


def redirects(sources: Sources) -> Iterable[str]:
    """A page that is redirected is gone, and the page it leads to exists."""
    path, known = sources.root / LIST, {*pages(sources.root), *page_names(sources.root)}
    try:
        found = read_addresses(path.read_text("utf-8"))[1] if path.is_file() else {}
    except SiteError as error:
        yield str(error)
        return
    for old, new in found.items():
        if old.removesuffix(".html") in known:
            yield f"{LIST}: {old} -> {new}: there is a page {old}. Take the line out, or the page."
        if new.partition("#")[0].removesuffix(".html") not in known:
            yield f"{LIST}: {old} -> {new}: there is no page {new.partition('#')[0]}. Name the page it leads to now."


def unreadable_pages(sources: Sources) -> Iterable[str]:
    """Every page can be read as a notebook."""
    for _, page in sources.pages:
        yield from (text.replace(f"{sources.root}/", "") for text in _told(lambda page=page: page.notebook))  # type: ignore[misc]


def topic_map(sources: Sources) -> Iterable[str]:
    """The map on the front page has a line for each topic, in the order of the contents."""
    topics = stems(sources.root)
    for _, page in sources.pages:
        for block in (each for each in directives(page) if each.name == "course-map"):
            try:
                map_lines(block.body.splitlines(), topics)
            except MapError as error:
                lines = block.body.splitlines()
                missing = [stem for stem in topics if not any(line.startswith(f"{stem}: ") for line in lines)]
                what = ", ".join(missing) or "each topic, in this order"
                yield f"{sources.place(page)}:{block.line}: {error}. Write a line '<stem>: what you build' for {what}."


def labels(sources: Sources) -> Iterable[str]:
    """Every label that is referred to is defined on a page of the same language."""
    made = tuple(page_name(stem) for stem in sets_with_page(sources.root))
    known = {
        language: {*made, *(name for of, page in sources.pages if of == language for name in names(page))}
        for language in sources.languages
    }
    for place, language, reference in sources.references("link", *_LABEL_ROLES):
        if (reference.kind == "link" and not reference.target.startswith("#")) or reference.target.startswith(TERM):
            continue
        label = reference.target.removeprefix("#").strip().lower()
        # The headings of exercise pages get their labels when the pages are made.
        if label not in known[language] and not label.startswith(made or ("\0",)):
            yield (
                f"{place}: undefined label: {label!r}. Write ({label})= above the heading it means, or correct the spelling."
            )


def linked_files(sources: Sources) -> Iterable[str]:
    """Links to pages lead to pages of the course."""
    known = {*pages(sources.root), *page_names(sources.root)}
    for place, _, reference in sources.references("link"):
        path = reference.target.partition("#")[0]
        if path.endswith(".md") and "/" not in path and path.removesuffix(".md") not in known:
            yield f"{place}: there is no page {path} in _toc.yml. Add it to _toc.yml, or correct the link."


def glossary_terms(sources: Sources) -> Iterable[str]:
    """The glossary can be read, and every term that is linked stands in it."""
    path = sources.root / "chapters" / "glossary.csv"
    try:
        anchors = {term.anchor for term in read_terms(path)} if path.is_file() else set()
    except ValueError as error:
        yield str(error).replace(f"{sources.root}/", "")
        return
    for place, _, reference in sources.references("link"):
        page, _, anchor = reference.target.partition("#")
        if (page == f"{GLOSSARY}.md" or reference.target.startswith(TERM)) and anchor not in anchors:
            yield (
                f"{place}: there is no term with the anchor {anchor!r}. Add a line to chapters/glossary.csv "
                "(en,zh,meaning_en,meaning_zh), or correct the link."
            )


def role_targets(sources: Sources) -> Iterable[str]:
    """What the course's own roles name exists."""
    root, topics = sources.root, stems(sources.root)
    for place, _, reference in sources.references("exercise-download", "repository-file", "reading-time"):
        kind, target = reference.kind, reference.target
        if kind == "exercise-download" and not (root / "exercises" / target / "exercise.md").is_file():
            yield f"{place}: {kind}: got {target!r}, expected a stem: there is no exercises/{target}/exercise.md."
        if kind == "repository-file" and not (root / target).exists():
            yield f"{place}: {kind}: got {target!r}, expected the path of a file in the repository."
        if kind == "reading-time" and target not in topics:
            yield f"{place}: {kind}: got {target!r}, allowed {', '.join(topics)}."


def citations(sources: Sources) -> Iterable[str]:
    """Every work that is cited stands in the bibliography."""
    path = sources.root / "chapters" / "references.bib"
    known = set(_ENTRY.findall(path.read_text("utf-8"))) if path.is_file() else set()
    for place, _, reference in sources.references("cite", "cite:p", "cite:t"):
        for key in (each.strip() for each in reference.target.split(",")):
            if key not in known:
                yield f"{place}: nothing is known of the work {key!r}. Add an entry @…{{{key}, …}} to chapters/references.bib."


def shown_files(sources: Sources) -> Iterable[str]:
    """Figures and listings exist, and a listing's part of its file does."""
    for _, page in sources.pages:
        for block in directives(page):
            path = page.path.parent / block.argument
            if block.name not in ("figure", "image", "literalinclude") or "://" in block.argument:
                continue
            place = f"{sources.place(page)}:{block.line}: {block.name}"
            if not path.is_file():
                yield f"{place}: there is no file {block.argument}. Draw or write it, or correct the path."
            elif block.name == "literalinclude":
                text, options = path.read_text("utf-8"), block.options
                yield from (f"{place} {block.argument}: {told}." for told in _told(lambda: source_part(text, options)))  # noqa: B023


RULES: tuple[Callable[[Sources], Iterable[str]], ...] = (
    missing_pages, contents, configuration, redirects, unreadable_pages, topic_map, labels, linked_files,
    glossary_terms, role_targets, citations, shown_files,
)  # fmt: skip


def _told(work: Callable[[], object]) -> Iterator[str]:
    """What goes wrong in a piece of work, if something does."""
    try:
        work()
    except (SiteError, ValueError) as error:
        yield str(error)


def problems(root: Path, languages: Iterable[Language] = tuple(SITE_LANGUAGES)) -> list[str]:
    """Everything the rules find in the sources, each with its place and what to write there."""
    sources = Sources(root, tuple(languages))
    return list(dict.fromkeys(problem for rule in RULES for problem in rule(sources)))


def require_sound(root: Path, languages: Iterable[Language]) -> None:
    """Stop before anything is executed where the rules find something.

    Raises:
        SiteError: lists all problems.
    """
    found = problems(root, languages)
    if found:
        lines = "\n".join(f"  {problem}" for problem in found)
        raise SiteError(f"Nothing was executed yet; {len(found)} problem(s) must be corrected first:\n{lines}")
