"""Rules for links to the glossary: a page links the same terms in both languages, and every term that it introduces."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlc_course.authoring.lint.chinese import GLOSSARY
from mlc_course.authoring.lint.registry import rule
from mlc_course.content.pages import Page, read_page, without_blocks
from mlc_course.site.sphinx.glossary import Term, read_terms
from mlc_course.site.sphinx.glossary_uses import finder
from mlc_ref.language import LANGUAGES, Language

_LINK = re.compile(r"#(term-[\w-]+)\)")
_EMPHASISED = re.compile(r"(?<!\*)\*{1,2}([^*\s][^*\n]*?)\*{1,2}(?!\*)")
_BRACKETS = re.compile(r"\s*[(（].*?[)）]")
# Not running text: code, formulas, links with their text, headings and the options of directives.
_NOT_RUNNING = re.compile(r"`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|^#{1,6} .*$|^:[\w-]+:.*$", re.M)
_PAIRS: tuple[tuple[Language, Language], ...] = (("en", "zh"), ("zh", "en"))  # a language, and the other
# What a page calls a term for short; and where the same word means something else.
_ALIASES = {"scope": "storage scope"}
_OTHER_SENSE = {
    ("tensorization", "implementation"),  # of an instruction, beside its description; not of a function
    ("tensor_programs", "storage scope"),  # what one block holds
    ("gpu", "block (sblock)"),  # of threads
}


@cache
def _terms(root: Path) -> tuple[Term, ...]:
    return tuple(read_terms(root / GLOSSARY))


def _linked(page: Page) -> set[str]:
    """Anchors of the terms that the page links by hand."""
    return set(_LINK.findall(page.text))


def _marked(page: Page, language: Language, terms: tuple[Term, ...]) -> set[str]:
    """Anchors of the terms whose first use the site marks by itself."""
    pattern, spellings = finder(terms, language)
    running = _NOT_RUNNING.sub("", without_blocks(page.prose))
    return {spellings[match["name"].lower()].anchor for match in pattern.finditer(running)}


def _names(term: Term, language: Language) -> Iterator[str]:
    name = term.name.get(language)
    for part in (*_BRACKETS.sub("", name).split(" / "), *(short for short, long in _ALIASES.items() if long == name)):
        yield from (part.lower(), f"{part.lower()}s")


@rule("page")
def terms_that_one_language_links_are_linked_in_the_other(name: str, root: Path) -> list[str]:
    terms = _terms(root)
    pages = {language: read_page(name, language, root) for language in LANGUAGES}
    found = []
    for language, other in _PAIRS:
        missing = _linked(pages[other]) - _linked(pages[language]) - _marked(pages[language], language, terms)
        found += [
            f"chapters/{language}/{name}.md: {term.name.get(language)!r} is linked on the {other} page only; link its first "
            f"use: [{term.name.get(language)}](#{term.anchor})"
            for term in terms
            if term.anchor in missing
        ]
    return found


@rule("page")
def terms_that_a_page_introduces_are_linked(name: str, root: Path) -> list[str]:
    terms, found = _terms(root), []
    for language in LANGUAGES:
        page = read_page(name, language, root)
        known = _linked(page) | _marked(page, language, terms)
        emphasised = {match.lower() for match in _EMPHASISED.findall(without_blocks(page.prose))}
        found += [
            f"chapters/{language}/{name}.md: {term.name.get(language)!r} is introduced (in asterisks) and not linked; write "
            f"[*{term.name.get(language)}*](#{term.anchor})"
            for term in terms
            if term.anchor not in known
            and (name, term.name.en) not in _OTHER_SENSE
            and not emphasised.isdisjoint(_names(term, language))
        ]
    return found
