"""Numbers and messages that the text of a page quotes from the output of its code cells.

The role ``{printed}`` marks such a quotation; the page shows the text and nothing else:

* ``{printed}`4,128` ``: the nearest code cell above prints 4128;
* ``{printed}`4,128 <next>` ``: the nearest code cell below prints it;
* ``{printed}`4,128 <schedules-memory>` ``: a code cell under the heading with this label prints it;
* ``{printed}`five = 5` ``: the page shows "five", the cell prints 5;
* ``{printed-code}`lhs` ``: the same, shown as code.

An equals sign between spaces divides what is shown from what is printed, so a quoted ``x = 5`` cannot be written; ``x=5`` and
``k == 0`` can.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat

from mlc_course.content.pages import LABEL, Page, without_blocks

PRINTED, PRINTED_CODE = "printed", "printed-code"
NEXT = "next"
_MARK = re.compile(r"\{printed(?:-code)?\}`(?P<content>[^`]+)`")
_CONTENT = re.compile(r"(?P<shown>.*?)(?:\s+=\s+(?P<value>[^<]+?))?(?:\s*<(?P<place>[^<>]+)>)?", re.S)
# Thousands apart: 4,128; neither [128,256] nor f(128,256) nor 1024,128 nor 4,128,5 is one number.
_GROUPED = re.compile(r"(?<![\w,\[])(?<!\d\.)(?<!\w\()\d{1,3}(?:,\d{3})+(?![\w]|,\w)")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,]|\.\d)|(?<![\w.,])\d{4,}(?![\w]|[.,]\d)")
_NOT_PROSE = re.compile(r"\{[\w:-]+\}`[^`]+`|`[^`\n]+`|\$[^$\n]+\$|\]\([^)]*\)|^:\w+:.*$", re.M)


@dataclass(frozen=True)
class Printed:
    """One quotation.

    Attributes:
        line: its number in the file.
        value: what has to stand in an output.
        place: empty, ``next``, or the label of a heading.
        cells: the code cells, counted from 0, one of which has to print it; empty where there is none at this place.
    """

    line: int
    value: str
    place: str
    cells: tuple[int, ...]


def shown_text(content: str) -> str:
    """What a page shows for the content of the role."""
    return _parts(content)[0]


def printed_values(page: Page) -> list[Printed]:
    """The quotations of a page, in order."""
    quoted, end = [], 0
    for cell, labels, before in _prose(page):
        for match in _MARK.finditer(cell.source):
            _, value, place = _parts(match["content"])
            # The marks stand in the file in the same order, so the search goes on behind the one before.
            end = page.text.index(match[0], end) + len(match[0])
            line = page.text.count("\n", 0, end - len(match[0])) + 1
            quoted.append(Printed(line, value, place, _cells(place, before, labels)))
    return quoted


def not_printed(page: Page, outputs: Sequence[str]) -> list[str]:
    """Findings, a sentence each: quotations that no cell prints where they say, and numbers that lack a mark.

    Args:
        outputs: of each code cell, as ``output_text.output_text`` gives them.
    """
    place = f"{page.path.parent.name}/{page.path.name}"
    found = []
    for mark in printed_values(page):
        if not any(is_printed(mark.value, outputs[cell]) for cell in mark.cells):
            cells = ", ".join(str(cell + 1) for cell in mark.cells) or "none"
            found.append(
                f"{place}:{mark.line}: {mark.value!r} is printed by none of the code cells meant ({cells}); correct the "
                "text, or name the place: <next>, or the label of a heading"
            )
    return found + [
        f"{place}: {number} is printed by a code cell beside it; write {{{PRINTED}}}`{number}` ({{{PRINTED}}}`{number} "
        "<next>` where it is the cell below)"
        for number in unmarked_values(page, outputs)
    ]


def unmarked_values(page: Page, outputs: Sequence[str]) -> list[str]:
    """Numbers of four digits or more in the prose that a code cell beside them prints, and no mark ties to it.

    Smaller ones often stand beside a cell that prints the same number by chance, such as the 512 of AVX-512.
    """
    found = []
    for cell, _, before in _prose(page):
        near = outputs[max(before - 1, 0) : before + 1]
        text = _NOT_PROSE.sub("", without_blocks(cell.source))
        found += [number for number in _NUMBER.findall(text) if any(is_printed(number, each) for each in near)]
    return found


def is_printed(value: str, output: str) -> bool:
    """Whether a value stands in an output as a whole: 41 does not stand in 4128, nor in 0.41; an empty one never does."""
    wanted, text = _plain(value), _plain(output)
    if not wanted:
        return False
    before = r"(?<![\w])(?<!\d\.)" if wanted[0].isalnum() else ""
    after = r"(?!\w)(?!\.\d)" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def _prose(page: Page) -> list[tuple[nbformat.NotebookNode, list[str], int]]:
    """Each text cell, the label above each code cell of the page, and how many code cells stand before the text."""
    labels: list[str] = []
    texts, label = [], ""
    for cell in page.notebook.cells:
        if cell.cell_type == "code":
            labels.append(label)
        else:
            label = [label, *LABEL.findall(cell.source)][-1]
            texts.append((cell, labels, len(labels)))
    return texts


def _cells(place: str, before: int, labels: list[str]) -> tuple[int, ...]:
    if not place:
        return tuple(range(before)[-1:])
    if place == NEXT:
        return tuple(range(len(labels))[before : before + 1])
    return tuple(number for number, label in enumerate(labels) if label == place)


def _parts(content: str) -> tuple[str, str, str]:
    match = _CONTENT.fullmatch(content.strip())
    assert match, content  # every part of the expression may be empty
    shown = match["shown"]
    return shown, match["value"] or shown, match["place"] or ""


def _plain(text: str) -> str:
    """One line, without the commas of large numbers; a typographic minus is a hyphen."""
    joined = " ".join(text.replace("−", "-").split())
    return _GROUPED.sub(lambda number: number[0].replace(",", ""), joined)
