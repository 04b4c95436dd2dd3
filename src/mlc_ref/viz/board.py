"""A drawing board for the course's figures: boxes, arrows, grids and labels in two languages.

A figure is drawn once and rendered for each language. It follows the page's light or dark theme
through ``prefers-color-scheme``, has no background, and keeps its text readable on a phone: a board
is at most ``MAX_WIDTH`` units wide and text is at least ``MIN_SIZE`` units high.
"""

from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from mlc_ref.kinds import invalid
from mlc_ref.language import Language, Text

MAX_WIDTH = 560
MIN_SIZE = 14
Kind = Literal["plain", "blue", "green", "orange", "purple", "red", "ghost"]
Anchor = Literal["start", "middle", "end"]

# Fill, stroke and ink are chosen for a contrast of at least 4.5 to 1 between text and fill.
_LIGHT = {
    "ink": "#1b1f24", "soft": "#57606a", "plain": "#f6f8fa", "plain-line": "#8c959f",
    "blue": "#ddf4ff", "blue-line": "#0969da", "green": "#dafbe1", "green-line": "#1a7f37",
    "orange": "#fff1e5", "orange-line": "#bc4c00", "purple": "#fbefff", "purple-line": "#8250df",
    "red": "#ffebe9", "red-line": "#cf222e",
}  # fmt: skip
_DARK = {
    "ink": "#e6edf3", "soft": "#9aa4af", "plain": "#21262d", "plain-line": "#8b949e",
    "blue": "#0c2d6b", "blue-line": "#58a6ff", "green": "#033a16", "green-line": "#3fb950",
    "orange": "#5a1e02", "orange-line": "#f0883e", "purple": "#3c1e70", "purple-line": "#bc8cff",
    "red": "#67060c", "red-line": "#ff7b72",
}  # fmt: skip
_SANS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"


def _variables(palette: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def _style() -> str:
    kinds = "".join(
        f".{k}{{fill:var(--{k});stroke:var(--{k}-line)}}.{k}-text{{fill:var(--{k}-line)}}"
        for k in ("plain", "blue", "green", "orange", "purple", "red")
    )
    return (
        f":root{{{_variables(_LIGHT)}}}@media (prefers-color-scheme:dark){{:root{{{_variables(_DARK)}}}}}"
        f"text{{font-family:{_SANS};fill:var(--ink)}}.mono{{font-family:{_MONO};white-space:pre}}"
        ".soft{fill:var(--soft)}.bold{font-weight:600}.shape{stroke-width:1.5}"
        ".ghost{fill:none;stroke:var(--plain-line);stroke-dasharray:4 4}"
        f".line{{stroke:var(--soft);stroke-width:1.5;fill:none}}.dashed{{stroke-dasharray:5 4}}.head{{fill:var(--soft)}}{kinds}"
    )


@dataclass
class Board:
    """A figure under construction; coordinates are user units, the origin is the top left corner.

    Args:
        width, height: size of the drawing; ``width`` at most ``MAX_WIDTH``.
        title: what the picture shows, for readers who do not see it.

    Raises:
        ValueError: a board too wide, or text too small, to be read on a phone.
    """

    width: int
    height: int
    title: Text
    _items: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.width > MAX_WIDTH:
            raise invalid(
                f"width: got {self.width}, at most {MAX_WIDTH} stays readable on a phone",
                f"width：得到 {self.width}，不超过 {MAX_WIDTH} 才能在手机上看清",
            )

    def _add(self, svg: Text | str) -> None:
        self._items.append(svg if isinstance(svg, Text) else Text.code(svg))

    def text(
        self, x: float, y: float, label: Text | str, *, size: int = 15, anchor: Anchor = "middle", style: str = ""
    ) -> None:
        """A label with its baseline at ``y``; lines are separated by newlines.

        ``style`` holds words of ``mono``, ``soft``, ``bold`` and ``<kind>-text``.
        """
        if size < MIN_SIZE:
            raise invalid(
                f"size: got {size}, at least {MIN_SIZE} stays readable on a phone",
                f"size：得到 {size}，不小于 {MIN_SIZE} 才能在手机上看清",
            )
        both = label if isinstance(label, Text) else Text.code(label)
        head = f'class="{style}" font-size="{size}" text-anchor="{anchor}"'
        self._add(Text(*(_text(x, y, both.get(lang), size, head) for lang in ("en", "zh"))))

    def box(
        self, x: float, y: float, width: float, height: float, label: Text | str = "", *,
        kind: Kind = "plain", size: int = 15, style: str = "", radius: float = 6,
    ) -> None:  # fmt: skip
        """A rounded box with its label centred in it."""
        shape = f'class="shape {kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
        self._add(f"<rect {shape}/>")
        both = label if isinstance(label, Text) else Text.code(label)
        if both.en:
            lines = both.en.count("\n") + 1
            top = y + height / 2 - (lines - 1) * size * 0.65 + size * 0.35
            self.text(x + width / 2, top, both, size=size, style=style)

    def arrow(self, x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> None:
        """A straight arrow from the first point to the second."""
        style = "line dashed" if dashed else "line"
        self._add(f'<path class="{style}" marker-end="url(#head)" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')

    def line(self, *points: tuple[float, float], dashed: bool = False) -> None:
        """A line through the points."""
        path = "L".join(f"{x:g} {y:g}" for x, y in points)
        self._add(f'<path class="line{" dashed" if dashed else ""}" d="M{path}"/>')

    def curve(self, x1: float, y1: float, x2: float, y2: float, *, bend: float = 30, dashed: bool = False) -> None:
        """An arrow that bends by ``bend`` units to the left of its direction (negative: right)."""
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
        middle_x = (x1 + x2) / 2 + bend * (y2 - y1) / length
        middle_y = (y1 + y2) / 2 - bend * (x2 - x1) / length
        path = f"M{x1:g} {y1:g}Q{middle_x:.1f} {middle_y:.1f} {x2:g} {y2:g}"
        self._add(f'<path class="{"line dashed" if dashed else "line"}" marker-end="url(#head)" d="{path}"/>')

    def grid(
        self, x: float, y: float, rows: int, columns: int, cell: float, *,
        marks: dict[tuple[int, int], Kind] | None = None, labels: dict[tuple[int, int], str] | None = None,
    ) -> None:  # fmt: skip
        """A grid of square cells; ``marks`` colours cells and ``labels`` writes into them, by ``(row, column)``."""
        for i in range(rows):
            for j in range(columns):
                kind = (marks or {}).get((i, j), "plain")
                label = (labels or {}).get((i, j), "")
                self.box(x + j * cell, y + i * cell, cell, cell, label, kind=kind, size=MIN_SIZE, radius=2)

    def code(
        self, x: float, y: float, lines: list[str], *, size: int = 14, marks: dict[int, str] | None = None
    ) -> None:
        """Lines of code from baseline ``y`` down; ``marks`` gives lines (from 0) a text style."""
        for i, line in enumerate(lines):
            self.text(x, y + i * size * 1.4, line, size=size, anchor="start", style="mono " + (marks or {}).get(i, ""))

    def render(self, lang: Language) -> str:
        """The SVG document in one language."""
        title = escape(self.title.get(lang))
        head = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" lang="{"zh-CN" if lang == "zh" else "en"}">',
            f"<title>{title}</title><style>{_style()}</style>",
            f'<defs>{head}<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
            *(item.get(lang) for item in self._items),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"


def _text(x: float, y: float, label: str, size: int, head: str) -> str:
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + i * size * 1.3:.1f}">{escape(line)}</tspan>'
        for i, line in enumerate(label.split("\n"))
    )
    return f"<text {head}>{spans}</text>"
