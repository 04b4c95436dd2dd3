"""Interactive pieces of a page or a notebook: data for a script, and a text that says the same without scripts.

A page is made once for both languages: data and text carry both, and the page shows its own. A notebook has one language, and
its outputs bring along script and style, because nothing else of the website is there. Drawing is done by
``chapters/_static/widgets/<name>.js``.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from mlc_ref.kinds import invalid
from mlc_ref.language import LANGUAGES, PAGES, Language, Text, current_language, is_language_chosen
from mlc_ref.viz import scripts

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAGS: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
_ON_PAGE = re.compile(
    r'<div class="mlc-widget" data-widget="(?P<name>[a-z0-9_]+)" style="min-height:\d+px">'
    r'<div class="mlc-widget-plain" tabindex="0">(?P<fallback>.*?)</div>'
    r'<script type="application/json">(?P<data>.*?)</script></div>',
    re.DOTALL,
)
# What ``both`` writes; the texts are escaped, so no element stands inside.
_IN_BOTH = re.compile(r'<(?P<tag>\w+) lang="[\w-]+" data-lang="(?P<lang>\w+)">(?P<text>[^<]*)</(?P=tag)>')
_TRUST = Text(
    "This is interactive in a trusted notebook: run the cell, or choose “Trust Notebook”.",
    "信任本笔记本后，这里是互动图：请运行这个单元格，或选择“Trust Notebook”（信任笔记本）。",
)


@dataclass(frozen=True)
class Widget:
    """What a cell shows for an interactive piece.

    Args:
        name: the script that draws it, ``chapters/_static/widgets/<name>.js``: lower-case letters, digits, ``_``.
        data: what the script draws: plain numbers, strings, lists and mappings, and ``Text``.
        fallback: HTML for a reader without scripts, or outside the course's pages; ``both`` makes it from a ``Text``.
        height: pixels kept free for the widget until it is drawn, so that the text below does not jump.

    Raises:
        ValueError: ``name`` names no script, or ``height`` is not positive.
        TypeError: ``data`` holds something JSON has no word for.
    """

    name: str
    data: Mapping[str, Any]
    fallback: str
    height: int = 320

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise invalid(
                f"name: got {self.name!r}, allowed are lower-case letters, digits and _",
                f"name：得到 {self.name!r}，允许的是小写字母、数字和 _",
            )
        if self.height <= 0:
            raise invalid(
                f"height: got {self.height}, pixels above 0 are allowed",
                f"height：得到 {self.height}，允许的是大于 0 的像素数",
            )
        self.to_json()

    def to_json(self) -> str:
        """The data as JSON that may stand inside a script element; a ``Text`` becomes ``{"en": …, "zh": …}``."""
        text = json.dumps(_plain(self.data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def _repr_html_(self) -> str:
        page = self.page_html()
        return page if os.environ.get(PAGES) else notebook_html(page, current_language(), chosen=is_language_chosen())

    def page_html(self) -> str:
        """What a page of the website holds: both languages, no script."""
        return (
            f'<div class="mlc-widget" data-widget="{self.name}" style="min-height:{self.height}px">'
            # The keyboard reaches it: a long text scrolls inside its box until the widget is drawn.
            f'<div class="mlc-widget-plain" tabindex="0">{self.fallback}</div>'
            f'<script type="application/json">{self.to_json()}</script></div>'
        )

    def __repr__(self) -> str:
        return f"Widget({self.name!r}, {len(self.to_json()):,} characters of data)"


def both(text: Text | str, tag: str = "span") -> str:
    """HTML of a text in both languages, of which a page shows its own; markup in it is escaped."""
    if isinstance(text, str):
        return f"<{tag}>{escape(text)}</{tag}>"
    return "".join(
        f'<{tag} lang="{_TAGS[lang]}" data-lang="{lang}">{escape(text.get(lang))}</{tag}>' for lang in LANGUAGES
    )


def in_one_language(html: str, language: Language | None = None) -> str:
    """HTML in which of all that ``both`` wrote one language is left, by default the reader's."""
    chosen = language or current_language()
    return _IN_BOTH.sub(lambda m: _element(m["tag"], m["text"]) if m["lang"] == chosen else "", html)


def notebook_html(html: str, language: Language, *, chosen: bool = True) -> str:
    """What a cell shows as a notebook needs it: texts in one language, widgets with script and style.

    Where scripts may not run, Jupyter leaves them and the style out, and the text is all that is left.

    Args:
        html: what the cell shows on a page, see ``Widget.page_html``; other HTML stays as it is.
        chosen: whether somebody chose the language; if not, the script takes that of the notebook where it sees its text.
    """
    spoken = in_one_language(html, language)
    return _ON_PAGE.sub(lambda match: _in_notebook(match, language, chosen), spoken)


def _in_notebook(page: re.Match[str], language: Language, chosen: bool) -> str:
    name = page["name"]
    unasked = "" if chosen else " data-unasked"
    return (
        f'<div class="mlc-widget mlc-notebook" lang="{_TAGS[language]}" data-widget="{name}"{unasked}>'
        f'<div class="mlc-widget-plain">{_element("p", escape(_TRUST.get(language)))}{page["fallback"]}</div>'
        f'<script type="application/json">{page["data"]}</script>'
        f"<style>{scripts.style()}</style><script>{scripts.script(name)}</script></div>"
    )


def _element(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>"


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {lang: value.get(lang) for lang in LANGUAGES}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value
