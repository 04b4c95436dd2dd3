"""Terms of the glossary in the text of pages: the first use on a page carries what the glossary says.

A link to a term written in a chapter is one such use. Where no link comes before it, the first use of a term is marked if
its name cannot be an everyday word: names of several words, and those in ``SINGLE_WORDS``. The mark is a link to the
glossary; scripts show the term in the other language and its meaning when it is pointed at or focused. ``mlc lint`` says
where a link by hand is missing.
"""

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from mlc_course.content.languages import language_of
from mlc_course.site.sphinx.glossary import Term, read_terms
from mlc_ref.language import Language

GLOSSARY = "glossary"
_IN_BOTH = {
    "tensor", "buffer", "schedule", "warp", "tensorization", "vectorize", "locality", "operator", "epilogue",
    "rfactor", "predicate", "accumulator", "occupancy", "legalization", "well-formed", "parallelize", "throughput", "oracle",
    "quantization",
}  # fmt: skip
# Names of one word that mean nothing else in running text; some of them do in the other language.
SINGLE_WORDS: dict[Language, set[str]] = {"en": _IN_BOTH | {"lowering", "lane"}, "zh": _IN_BOTH | {"handle"}}
_BRACKETS = re.compile(r"\s*[(（].*?[)）]")
# Text inside these is no running text.
_NOT_RUNNING = (
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.title,
    nodes.raw,
    nodes.target,
    nodes.citation,
)


class term_use(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """A link to a term, with the other language's name and the meaning."""


def plain(text: str) -> str:
    """A meaning without the marks of code and emphasis."""
    return re.sub(r"[`*]", "", text)


def spelled(term: Term, language: Language) -> str | None:
    """How running text writes the term, or ``None`` where it is only marked by hand."""
    english = _BRACKETS.sub("", term.name.en)
    if " / " in english or not (" " in english or english in SINGLE_WORDS[language]):
        return None
    return _BRACKETS.sub("", term.name.get(language))


@cache
def finder(terms: tuple[Term, ...], language: Language) -> tuple[re.Pattern[str], dict[str, Term]]:
    """A pattern for all terms that are marked, longest first, and the term each spelling means."""
    found = {name.lower(): term for term in terms if (name := spelled(term, language))}
    names = "|".join(re.escape(name) for name in sorted(found, key=len, reverse=True))
    pattern = rf"\b(?P<name>{names})s?\b" if language == "en" else f"(?P<name>{names})"
    return re.compile(pattern, re.I), found


def _use(term: Term, language: Language, address: str, children: list[nodes.Node]) -> term_use:
    other: Language = "en" if language == "zh" else "zh"
    made = term_use("", "", *children)
    made["refuri"], made["other"], made["lang"] = address, term.name.get(other), other
    made["meaning"] = plain(term.meaning.get(language))
    return made


def mark_links(doctree: nodes.document, terms: tuple[Term, ...], language: Language) -> None:
    """Make the links to terms carry their meaning."""
    anchors = {term.anchor: term for term in terms}
    for link in list(doctree.findall(nodes.reference)):
        page, _, anchor = link.get("refuri", "").partition("#")
        if page.startswith(f"{GLOSSARY}.") and anchor in anchors:
            text = [nodes.Text(link.astext())]
            link.replace_self(_use(anchors[anchor], language, link["refuri"], text))


def mark_first_uses(doctree: nodes.document, terms: tuple[Term, ...], language: Language) -> None:
    """Mark the first use of each term that no link before it names; ``mark_links`` comes first."""
    pattern, spellings = finder(terms, language)
    linked = {use["refuri"].partition("#")[2] for use in doctree.findall(term_use)}
    known: set[str] = set()
    for text in [node for node in doctree.findall() if isinstance(node, nodes.Text | term_use)]:
        if isinstance(text, term_use):
            known.add(text["refuri"].partition("#")[2])
            continue
        if not _is_running(text):
            continue
        parts: list[nodes.Node] = []
        end, value = 0, text.astext()
        for match in pattern.finditer(value):
            term = spellings[match["name"].lower()]
            if term.anchor not in known:
                known.add(term.anchor)
                link = _use(term, language, f"{GLOSSARY}.html#{term.anchor}", [nodes.Text(match[0])])
                link["passing"] = term.anchor in linked  # the place that explains it is the one that links it by hand
                parts += [nodes.Text(value[end : match.start()]), link]
                end = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(value[end:])])


def _is_running(text: nodes.Text) -> bool:
    node, inside = text.parent, False
    while node is not None:
        if isinstance(node, (*_NOT_RUNNING, term_use)):
            return False
        inside = inside or isinstance(node, nodes.paragraph)
        node = node.parent
    return inside


def _mark(app: Sphinx, doctree: nodes.document, page: str) -> None:
    path = Path(app.config.mlc_root, "chapters", "glossary.csv")
    if app.builder.format != "html" or page not in app.env.found_docs or GLOSSARY not in app.env.found_docs:
        return
    if page == GLOSSARY or "/" in page:
        return
    terms, language = tuple(read_terms(path)), language_of(Path(app.srcdir)).code
    mark_links(doctree, terms, language)
    mark_first_uses(doctree, terms, language)


def _visit(self, node: term_use) -> None:  # type: ignore[no-untyped-def]
    data = {"data-other": node["other"], "data-other-lang": node["lang"], "data-meaning": node["meaning"]}
    data |= {"data-passing": ""} if node.get("passing") else {}
    self.body.append(self.starttag(node, "a", "", CLASS="reference internal mlc-term", HREF=node["refuri"], **data))


def _depart(self, _node: term_use) -> None:  # type: ignore[no-untyped-def]
    self.body.append("</a>")


def setup_glossary_uses(app: Sphinx) -> None:
    app.add_node(term_use, html=(_visit, _depart))
    # After links are resolved, before the exercise links of the downloads are.
    app.connect("doctree-resolved", _mark)
