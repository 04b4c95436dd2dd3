"""Read a chapter: its code cells, labels, figures and prose, without executing or rendering it."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat

from mlc_course.content.errors import SiteError
from mlc_course.root import course_root

_FENCE = re.compile(r"^(```+|~~~+|:::+)", re.M)
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.M)
_LABELLED = re.compile(r"^\(([\w-]+)\)=\s*\n+#{1,6} ", re.M)
_HEADING = re.compile(r"^#{1,6} ", re.M)
_FIGURE = re.compile(r"^[`:]{3,}\{figure\} (\S+)", re.M)


@dataclass(frozen=True)
class Page:
    """One chapter in one language.

    Attributes:
        path: the file.
        text: its content.
    """

    path: Path
    text: str

    @cached_property
    def notebook(self) -> nbformat.NotebookNode:
        """The page as cells.

        Raises:
            SiteError: it cannot be read as a notebook.
        """
        try:
            return jupytext.reads(self.text, fmt="md:myst")
        except Exception as error:
            reason = f"{error}".strip().partition("\n")[0]
            raise SiteError(
                f"{self.path}: cannot be read as a notebook: {reason}. Look for an unclosed code cell, or a mistake in "
                "the lines between --- at its beginning."
            ) from error

    @property
    def code(self) -> list[tuple[str, dict]]:
        """``(source, metadata)`` of every code cell: what the execution cache sees."""
        return [(c.source, dict(c.metadata)) for c in self.notebook.cells if c.cell_type == "code"]

    @cached_property
    def prose(self) -> str:
        """Everything that is not a code cell, one blank line between cells."""
        return "\n\n".join(c.source.strip() for c in self.notebook.cells if c.cell_type == "markdown") + "\n"

    @property
    def labels(self) -> list[str]:
        """The ``(label)=`` lines, in order."""
        return LABEL.findall(self.prose)

    @property
    def heading_labels(self) -> list[str]:
        """The label of each heading, the one next to it; the page's title comes first."""
        return _LABELLED.findall(without_blocks(self.prose))

    @property
    def figures(self) -> list[str]:
        """Paths of the figures, without the language: ``../figures/anatomy``."""
        return [re.sub(r"\.(en|zh)\.svg$", "", path) for path in _FIGURE.findall(self.prose)]

    @property
    def unlabelled_headings(self) -> list[str]:
        """Headings without a ``(label)=`` line before them."""
        lines = without_blocks(self.prose).splitlines()
        return [
            line
            for i, line in enumerate(lines)
            if _HEADING.match(line) and not any(LABEL.match(before) for before in lines[max(0, i - 2) : i])
        ]

    def sections(self) -> dict[str, str]:
        """Hash of the prose under each label, up to the next; ``""`` is what stands before the first."""
        parts = LABEL.split(self.prose)
        pairs = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
        return {label: hashlib.sha256(text.strip().encode()).hexdigest()[:16] for label, text in pairs if text.strip()}


def without_blocks(prose: str) -> str:
    """The prose with the content of fenced code blocks (backticks and tildes) blanked out."""
    kept, fence = [], None
    for line in prose.splitlines():
        opening = _FENCE.match(line)
        if fence is None and opening and not opening[1].startswith(":"):
            fence = opening[1]
            kept.append("")
        elif fence is not None:
            kept.append("")
            fence = None if line.strip() == fence else fence
        else:
            kept.append(line)
    return "\n".join(kept)


def anchor_of(label: str) -> str:
    """The anchor Sphinx makes of a label."""
    return label.lower().replace("_", "-")


def read_page(name: str, lang: str, root: Path | None = None) -> Page:
    """The page ``name`` (without folder and ending) in one language.

    Raises:
        FileNotFoundError: there is no such page; the message says where it was looked for.
    """
    path = (root or course_root()) / "chapters" / lang / f"{name}.md"
    if not path.is_file():
        raise FileNotFoundError(f"page {name!r} is missing in language {lang!r}: expected {path}")
    return Page(path, path.read_text("utf-8"))
