"""What a reader sees of an executed code cell, as text: streams, results, and widgets with the values they show."""

import json
from collections.abc import Iterator
from typing import Any

import nbformat
from bs4 import BeautifulSoup

# Widgets show the numbers in these lists. Other lists hold what is drawn: places of lines, pixels, colours.
_SHOWN_LISTS = ("numbers", "counters")
_LONGEST_WORD = 200  # characters; what is longer is compressed data


def output_text(cell: nbformat.NotebookNode) -> str:
    """The text of all outputs. Tags, attributes, scripts and styles are no text, and names in a widget's data are none."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        # A page shows the HTML where there is one. A stream comes in pieces, which may part a line anywhere.
        shown = _html_text(data["text/html"]) if "text/html" in data else data.get("text/plain", "")
        texts += ["\n", shown, "\n"] if data else [output.get("text", "")]
    return "".join(texts)


def _html_text(html: str) -> str:
    page = BeautifulSoup(html, "html.parser")
    values = [
        value
        for script in page.select('script[type="application/json"]')
        for value in _shown_values(json.loads(script.string or "null"))
    ]
    for each in page(["script", "style"]):
        each.decompose()
    return "\n".join([page.get_text(" "), *values])


def _shown_values(data: Any, in_drawn_list: bool = False) -> Iterator[str]:
    """Texts and numbers in a widget's data, without names, and without lists of numbers that are only drawn."""
    if isinstance(data, dict):
        for name, value in data.items():
            drawn = isinstance(value, list) and name not in _SHOWN_LISTS
            yield from _shown_values(value, drawn)
    elif isinstance(data, list):
        for value in data:
            yield from _shown_values(value, in_drawn_list)
    elif isinstance(data, str):
        yield from () if max(map(len, data.split()), default=0) > _LONGEST_WORD else (data,)
    elif isinstance(data, int | float) and not isinstance(data, bool) and not in_drawn_list:
        yield str(data)
