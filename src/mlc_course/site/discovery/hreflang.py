"""A page's relatives: the same page in the other language, its public address, its description."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from mlc_course.content.languages import SITE_LANGUAGES, language_of, page_prefix
from mlc_course.content.settings import Settings

DESCRIPTION_LENGTH = 160
# A paragraph that does not end in a mark goes on in the list after it.
_MARKS = ".。!！?？…"


@dataclass(frozen=True)
class Alternate:
    """One language of a page, as the switcher shows it.

    Attributes:
        tag: the language for browsers and search engines.
        label: the language's own name.
        href: address relative to the page.
        url: public address.
        current: whether this is the page itself.
    """

    tag: str
    label: str
    href: str
    url: str
    current: bool


def alternates_of(page: str, current: str, site_url: str) -> list[Alternate]:
    """The page in every language; ``page`` is its name below the language's folder."""
    up = "../" * (page.count("/") + 1)
    return [
        Alternate(language.tag, language.label, f"{up}{code}/{page}.html", f"{site_url}{code}/{page}.html", code == current)
        for code, language in SITE_LANGUAGES.items()
    ]  # fmt: skip


def description_of(doctree: nodes.document) -> str:
    """The page's first paragraph, with the list it opens, cut at a mark to a length search engines show."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = _words(paragraph) + _list_after(paragraph)
        inside = isinstance(paragraph.parent, nodes.section)
        if inside and len(text) > 20:
            break
    else:
        return ""
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    cut = max(text.rfind(mark, 0, DESCRIPTION_LENGTH) for mark in " ，。、；")
    return text[: cut if cut > 0 else DESCRIPTION_LENGTH].rstrip(" ，、；") + "…"


def _list_after(paragraph: nodes.paragraph) -> str:
    """The items of a list that finishes the paragraph's sentence: "After this chapter you can …"."""
    following = paragraph.next_node(descend=False, siblings=True)
    if not isinstance(following, nodes.bullet_list) or paragraph.astext().rstrip().endswith(tuple(_MARKS)):
        return ""
    items = [_words(item) for item in following.findall(nodes.paragraph)]
    opening = paragraph.astext().rstrip()[-1]
    return ("" if opening > "\u2e80" else " ") + (" " if items[0] < "\u2e80" else "").join(items)


def _words(paragraph: nodes.paragraph) -> str:
    """The paragraph's text without formulas, which would show as LaTeX."""
    formulas = {id(text) for formula in paragraph.findall(nodes.math) for text in formula.findall(nodes.Text)}
    parts = [text.astext() for text in paragraph.findall(nodes.Text) if id(text) not in formulas]
    return " ".join("".join(parts).split())


def head_links(alternates: list[Alternate]) -> str:
    """Tells search engines of the languages; English is for readers of any other."""
    links = [f'<link rel="alternate" hreflang="{a.tag}" href="{escape(a.url)}" />' for a in alternates]
    return "\n".join([*links, f'<link rel="alternate" hreflang="x-default" href="{escape(alternates[0].url)}" />', ""])


def _add_context(app: Sphinx, page: str, _template: str, context: dict, doctree: nodes.document | None) -> None:
    settings: Settings = app.config.mlc_settings
    source = Path(app.srcdir)
    language, prefix = language_of(source), page_prefix(source)
    name = page.removeprefix(prefix)
    alternates = alternates_of(name, language.code, settings.site_url)
    if not prefix:
        context["mlc_alternates"] = alternates
    context["pageurl"] = f"{settings.site_url}{language.code}/{name}.html"
    if doctree is None:
        return
    metatags = head_links(alternates) if not prefix else ""
    description = description_of(doctree)
    if description:
        metatags += f'<meta name="description" content="{escape(description)}" />\n'
    context["metatags"] = context.get("metatags", "") + metatags


def setup_alternates(app: Sphinx) -> None:
    app.connect("html-page-context", _add_context)
