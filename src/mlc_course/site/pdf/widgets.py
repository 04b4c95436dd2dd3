"""Interactive pieces on paper: the text that stands for a widget, in the language of the book, and hints unfolded."""

from collections.abc import Callable, Iterable
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from mlc_course.content.languages import language_of
from mlc_ref.language import LANGUAGES, Language

_INLINE = {"code": nodes.literal, "strong": nodes.strong, "b": nodes.strong, "em": nodes.emphasis}
_LISTS = {"ol": nodes.enumerated_list, "ul": nodes.bullet_list}
# Controls and drawings say nothing on paper.
_SILENT = ("script", "style", "svg", "button", "input", "select", "canvas")


def paper_text(html: str, language: Language) -> list[nodes.Node]:
    """The text that stands for a widget or a self-check, as nodes of a page; nothing where the HTML holds neither.

    Args:
        html: what a cell shows, see ``mlc_ref.viz.widget.Widget``.
        language: the one whose texts stay.
    """
    plain = BeautifulSoup(html, "html.parser").select_one(".mlc-widget .mlc-widget-plain, .mlc-self-check")
    if plain is None:
        return []
    others = [f'[data-lang="{other}"]' for other in LANGUAGES if other != language]
    for each in plain.select(", ".join([*others, *_SILENT])):
        each.decompose()
    return _blocks(plain)


def unfolded(html: str) -> list[nodes.Node]:
    """What ``details`` elements hold, each after its summary; nothing where the HTML holds none."""
    soup = BeautifulSoup(html, "html.parser")
    for summary in soup.select("details > summary"):
        summary.name = "strong"
        summary.insert_after(" ")
    return [node for details in soup.find_all("details") for node in _blocks(details)]


def _blocks(parent: Tag) -> list[nodes.Node]:
    """What an element holds, as paragraphs, lists, tables and listings; loose text becomes paragraphs."""
    found: list[nodes.Node] = []
    loose = nodes.paragraph()
    for child in parent.children:
        block = _block(child)
        if block is None:
            loose += _inline(child)
            continue
        found += [loose, *block] if loose.astext().strip() else block
        loose = nodes.paragraph()
    return [*found, loose] if loose.astext().strip() else found


def _block(element: PageElement) -> list[nodes.Node] | None:
    """The nodes of a block; ``None`` for what belongs into a line."""
    if not isinstance(element, Tag):
        return None
    if element.name == "p":
        return [nodes.paragraph("", "", *_inline_of(element))]
    if element.name == "pre":
        text = element.get_text()
        return [nodes.literal_block(text, text, language="text")]
    if element.name in _LISTS:
        items = [nodes.list_item("", *_blocks(item)) for item in element.find_all("li", recursive=False)]
        return [_LISTS[element.name]("", *items)] if items else []
    if element.name == "table":
        return [_table(element)]
    return _blocks(element) if element.name in ("div", "section", "figure", "details") else None


def _inline_of(element: Tag) -> list[nodes.Node]:
    return [node for child in element.children for node in _inline(child)]


def _inline(element: PageElement) -> list[nodes.Node]:
    if isinstance(element, NavigableString):
        return [nodes.Text(str(element))]
    assert isinstance(element, Tag)
    if element.name in _INLINE:
        return [_INLINE[element.name]("", element.get_text())]
    return _inline_of(element)


def _table(element: Tag) -> nodes.table:
    """A table; rows in ``thead`` repeat where it goes on to another page."""
    rows = element.find_all("tr")
    columns = max((len(row.find_all(["td", "th"])) for row in rows), default=0)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in range(columns)), cols=columns)
    for kind, make in (("thead", nodes.thead), ("tbody", nodes.tbody)):
        chosen = [row for row in rows if (row.find_parent("thead") is not None) == (kind == "thead")]
        if chosen:
            group += make("", *_rows(chosen, columns))
    return nodes.table("", group)


def _rows(rows: Iterable[Tag], columns: int) -> list[nodes.row]:
    def row(cells: list[Tag]) -> nodes.row:
        entries = [nodes.entry("", nodes.paragraph("", "", *_inline_of(cell))) for cell in cells]
        entries += [nodes.entry("", nodes.paragraph()) for _ in range(columns - len(cells))]
        return nodes.row("", *entries)

    return [row(each.find_all(["td", "th"])) for each in rows]


class WidgetText(SphinxPostTransform):
    """In a book the output of a widget's cell is its text, and hints stand open.

    myst-nb would print how Python names the widget, and Sphinx would leave the hints out.
    """

    # Before myst-nb chooses among the forms of an output (4).
    default_priority = 3
    formats = ("latex",)

    def run(self, **_options: object) -> None:
        language = language_of(Path(self.env.srcdir)).code
        for bundle in list(self.document.findall(_is("mime_bundle"))):
            forms = [form for form in bundle.children if form.get("mime_type") == "text/html"]
            html = "".join(raw.astext() for form in forms for raw in form.findall(nodes.raw))
            text = paper_text(html, language)
            if text:
                bundle.replace_self(text)
        for raw in [node for node in self.document.findall(nodes.raw) if node.get("format") == "html"]:
            hints = unfolded(raw.astext()) if raw.astext().startswith("<details") else []
            if hints:
                raw.replace_self(hints)


def _is(element: str) -> Callable[[nodes.Node], bool]:
    return lambda node: isinstance(node, nodes.container) and node.get("nb_element") == element
