"""Interactive pieces of a page: data for a script, and a text that says the same without scripts.

A cell runs once and its output serves both languages, so nothing here chooses one: data and fallback carry
both, and the page shows its own. Drawing is done by ``chapters/_static/widgets/<name>.js``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from mlc_ref.language import LANGUAGES, Text, current_language

_NAME = re.compile(r"[a-z][a-z0-9_]*")


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
            raise ValueError(f"name: got {self.name!r}, allowed are lower-case letters, digits and _")
        if self.height <= 0:
            raise ValueError(f"height: got {self.height}, pixels above 0 are allowed")
        self.to_json()

    def to_json(self) -> str:
        """The data as JSON that may stand inside a script element; a ``Text`` becomes ``{"en": …, "zh": …}``."""
        text = json.dumps(_plain(self.data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    def _repr_html_(self) -> str:
        hidden = next(lang for lang in LANGUAGES if lang != current_language())
        return (
            f'<div class="mlc-widget" data-widget="{self.name}" style="min-height:{self.height}px">'
            f"<style>html:not([data-content_root]) .mlc-widget [data-lang={hidden}]{{display:none}}</style>"
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
    codes = {"en": "en", "zh": "zh-CN"}
    return "".join(
        f'<{tag} lang="{codes[lang]}" data-lang="{lang}">{escape(text.get(lang))}</{tag}>' for lang in LANGUAGES
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return {lang: value.get(lang) for lang in LANGUAGES}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value
