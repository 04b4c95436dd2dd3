"""The notebook a reader downloads from a page: the page's cells, and before them a check of the environment."""

import hashlib
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlc_course.content.errors import SiteError
from mlc_course.content.pages import anchor_of
from mlc_course.content.settings import Settings
from mlc_course.site.notebooks.citations import citation_labels
from mlc_course.site.notebooks.environment_cell import environment_cell
from mlc_course.site.notebooks.figures import attachment
from mlc_course.site.notebooks.plain_markdown import Surroundings, Target, figures_of, to_plain
from mlc_ref.language import Language, Text

_TITLE = re.compile(r"^# (.+)$", re.M)
_LABELLED = re.compile(r"^\((?P<label>[\w-]+)\)=[ \t]*\n+#+ (?P<title>.+)$", re.M)
# A figure: its caption is the paragraph after its options.
_NAMED = re.compile(r"^:name: (?P<label>[\w-]+)\n(?:^:.*\n)*\s*(?P<title>.+)$", re.M)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
# A language that the reader has set for all notebooks wins.
_LANGUAGE = """\
import os

os.environ.setdefault("MLC_LANG", "{language}")  # {why}

"""
_WHY = Text("the language of what the cells show", "单元格输出所用的语言")
# What only the website needs; the rest of a cell's metadata stays.
_SITE_METADATA = ("mystnb",)


def is_notebook(text: str) -> bool:
    """Whether a page has code cells to run: its front matter names a kernel."""
    front = _FRONT_MATTER.match(text)
    return bool(front and "kernelspec:" in front[1])


def targets_of(folder: Path, site_url: str) -> dict[str, Target]:
    """What the labels of the pages in ``folder`` name; the folder's name is the language."""
    base = f"{site_url}{folder.name}/"
    found: dict[str, Target] = {}
    for page in sorted(folder.glob("*.md")):
        text = page.read_text("utf-8")
        address = f"{base}{page.stem}.html"
        title = _TITLE.search(text)
        found[page.stem.lower()] = Target(address, title[1] if title else page.stem)
        for match in [*_LABELLED.finditer(text), *_NAMED.finditer(text)]:
            label = match["label"].lower()
            found[label] = Target(f"{address}#{anchor_of(label)}", match["title"].strip())
    return found


def page_notebook(page: Path, language: Language, settings: Settings, root: Path) -> nbformat.NotebookNode:
    """Make the notebook of one page, without outputs.

    Args:
        page: the page's source, ``chapters/<language>/<stem>.md``.
        root: the repository, whose ``pyproject.toml`` names the pinned packages.

    Raises:
        SiteError: the page cannot be read as a notebook.
    """
    # jupytext is slow to import and only this needs it.
    import jupytext

    page_url = f"{settings.site_url}{language}/{page.stem}.html"
    around = Surroundings(
        page.parent, page_url, targets_of(page.parent, settings.site_url), settings.source_url(""),
        citation_labels((root / "chapters" / "references.bib").read_text("utf-8")),
    )  # fmt: skip
    try:
        source = jupytext.reads(page.read_text("utf-8"), fmt="md:myst")
    except Exception as error:
        raise SiteError(f"{page}: cannot be read as a notebook: {error}. Look for an unclosed code cell.") from error
    cells = []
    for cell in source.cells:
        if cell.cell_type == "markdown":
            cells += _markdown_cells(cell.source, around, page)
        elif cell.cell_type == "code":
            kept = {key: value for key, value in cell.metadata.items() if key not in _SITE_METADATA}
            cells.append(new_code_cell(cell.source, metadata=kept))
    first = environment_cell(root, language, settings)
    first.source = f"{_LANGUAGE.format(language=language, why=_WHY.get(language))}{first.source}"
    return _finish(_below_the_title(first, cells), page.stem, language)


def _below_the_title(first: nbformat.NotebookNode, cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """The cells with ``first`` right below the title; the introduction, in one cell with the title, comes after it.

    A reader who runs the notebook from its top meets the check before anything that needs what it checks.
    """
    text = cells[0].source if cells and cells[0].cell_type == "markdown" else ""
    title = _TITLE.match(text)
    if title is None:
        return [first, *cells]
    introduction = text[title.end() :].lstrip("\n")
    rest = [new_markdown_cell(introduction, **_attached(cells[0]))] if introduction else []
    return [new_markdown_cell(title[0]), first, *rest, *cells[1:]]


def _attached(cell: nbformat.NotebookNode) -> dict:
    return {"attachments": cell.attachments} if "attachments" in cell else {}


def _markdown_cells(source: str, around: Surroundings, page: Path) -> list[nbformat.NotebookNode]:
    """The text as a cell with its figures attached; no cell where nothing is left of it."""
    try:
        text = to_plain(source, around)
        attached = {name: attachment(path) for name, path in figures_of(source, text, around).items()}
    except (OSError, ValueError) as error:
        raise SiteError(f"{page}: cannot be made into a notebook: {error}") from error
    if not text:
        return []
    return [new_markdown_cell(text, **({"attachments": attached} if attached else {}))]


def _finish(cells: list[nbformat.NotebookNode], stem: str, language: Language) -> nbformat.NotebookNode:
    for position, cell in enumerate(cells):
        # Fixed ids: the same page gives the same file, byte for byte.
        cell["id"] = hashlib.sha256(f"{stem}/{position}".encode()).hexdigest()[:12]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "mlc": {"language": language}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook
