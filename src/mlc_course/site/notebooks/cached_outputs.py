"""What the cells of a page showed when the site was built, from the execution cache, for the notebook to download."""

from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from myst_nb.core.read import read_myst_markdown_notebook

from mlc_ref.language import Language, printed_in
from mlc_ref.viz.widget import notebook_html


def cached_outputs(page: Path, cache: Path, language: Language) -> list[list[nbformat.NotebookNode]] | None:
    """The outputs of each code cell of a page, as its notebook shows them; ``None`` where the cache has no run of these cells.

    Args:
        language: that of the notebook: a page is run once for all languages, and a widget in a notebook has one.
    """
    if not cache.is_dir():
        return None
    notebook = read_myst_markdown_notebook(page.read_text("utf-8"))
    try:
        _, merged = get_cache(str(cache)).merge_match_into_notebook(notebook)
    except KeyError:
        return None
    # The page leaves out what cells write to stderr; so does the notebook.
    return [
        [in_notebook(output, language) for output in cell.outputs if output.get("name") != "stderr"]
        for cell in merged.cells
        if cell.cell_type == "code"
    ]


def in_notebook(output: nbformat.NotebookNode, language: Language) -> nbformat.NotebookNode:
    """An output of a page as a notebook shows it, in one language: a widget brings its script along."""
    html = output.get("data", {}).get("text/html")
    if html is not None:
        output["data"]["text/html"] = notebook_html(html, language)
    for holder in (output, output.get("data", {})):
        for part in ("text", "text/plain", "evalue"):
            if part in holder:
                holder[part] = printed_in(language, holder[part])
    if "traceback" in output:
        output["traceback"] = [printed_in(language, line) for line in output["traceback"]]
    return output


def with_outputs(notebook: nbformat.NotebookNode, outputs: list[list[nbformat.NotebookNode]]) -> nbformat.NotebookNode:
    """Put outputs into the code cells after the first, which looks at the environment and was not run.

    Raises:
        ValueError: the notebook has more or fewer cells than were run.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"][1:]
    if len(cells) != len(outputs):
        raise ValueError(f"outputs: got those of {len(outputs)} cells, the notebook has {len(cells)}")
    for number, (cell, printed) in enumerate(zip(cells, outputs, strict=True), start=1):
        cell["outputs"], cell["execution_count"] = printed, number
        for output in printed:
            if output.output_type == "execute_result":
                output["execution_count"] = number
    nbformat.validate(notebook)
    return notebook
