"""Drawings outside of a browser: in light colours, with every colour written out, for paper and for pictures."""

import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_DARK = re.compile(r"@media \(prefers-color-scheme:\s*dark\)\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_ROOT = re.compile(r":root\s*\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
# Fonts of the systems pages are built on; those of readers' systems stand in the drawings themselves.
_SANS = "'Noto Sans CJK SC', 'DejaVu Sans', sans-serif"

CARD = (1200, 630)
_MARGIN, _FIGURE_WIDTH, _TITLE_SIZE, _LINE = 60, 560, 54, 1.3


def in_light(svg: str) -> str:
    """The drawing in its light colours, without variables: programs that are no browsers do not know them."""
    svg = _DARK.sub("", svg)
    entries = [entry for root in _ROOT.findall(svg) for entry in root.split(";") if ":" in entry]
    values = {name.strip(): value.strip() for name, value in (entry.split(":", 1) for entry in entries)}
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), _ROOT.sub("", svg))


def view_box(svg: str) -> tuple[float, float] | None:
    """Width and height of a drawing whose ``viewBox`` begins at 0 0; ``None`` for any other text."""
    try:
        box = ElementTree.fromstring(svg).get("viewBox", "").split()
    except ElementTree.ParseError:
        return None
    return (float(box[2]), float(box[3])) if len(box) == 4 and box[:2] == ["0", "0"] else None


def title_lines(title: str, width: int) -> list[str]:
    """Break a title into lines of at most ``width`` columns; a Chinese character takes two and may end a line."""
    lines, line = [], ""
    for word in re.findall(r"[^\u4e00-\u9fff\s]+|[\u4e00-\u9fff]|\s+", title):
        if _columns(line + word.rstrip()) > width and line.strip():
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()]


def _columns(text: str) -> int:
    return sum(2 if "\u2e80" <= character <= "\uffef" else 1 for character in text)


def card(title: str, course: str, figure: str | None) -> str:
    """The picture that stands for a page where it is shared: its title, the course, and one of its figures.

    Args:
        figure: the figure's SVG, or ``None``; its ``viewBox`` must begin at 0 0.

    Raises:
        ValueError: the figure has no such ``viewBox``.
    """
    width, height = CARD
    lines = title_lines(title, 17 if figure else 36)
    top = (height - len(lines) * _TITLE_SIZE * _LINE) / 2 + _TITLE_SIZE
    text = "".join(
        f'<tspan x="{_MARGIN}" y="{top + i * _TITLE_SIZE * _LINE:.0f}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/><rect width="16" height="{height}" fill="#0969da"/>'
        f'<text font-family="{_SANS}" font-size="{_TITLE_SIZE}" font-weight="600" fill="#1b1f24">{text}</text>'
        f'<text font-family="{_SANS}" font-size="28" fill="#57606a" x="{_MARGIN}" y="{height - 50}">{escape(course)}</text>'
        f"{_placed(in_light(figure)) if figure else ''}</svg>"
    )


def _placed(figure: str) -> str:
    """The figure as large as it fits at the right."""
    size = view_box(figure)
    if size is None:
        raise ValueError(f"figure: expected an SVG element with viewBox='0 0 width height', got {figure[:80]!r}")
    room = (_FIGURE_WIDTH, CARD[1] - 2 * _MARGIN)
    scale = min(room[0] / size[0], room[1] / size[1])
    width, height = size[0] * scale, size[1] * scale
    places = {"x": CARD[0] - _MARGIN - width, "y": (CARD[1] - height) / 2, "width": width, "height": height}
    drawing = ElementTree.fromstring(figure)
    view = drawing.get("viewBox", "")
    drawing.attrib.clear()
    drawing.attrib |= {**{name: f"{value:.0f}" for name, value in places.items()}, "viewBox": view}
    return ElementTree.tostring(drawing, "unicode")
