"""What a reader who runs a page's cells sees in red: nothing but what the page tells of."""

import re

import pytest
from jupyter_cache import get_cache
from myst_nb.core.read import read_myst_markdown_notebook

from mlc_course.content.pages import read_page
from mlc_course.root import course_root, pages
from mlc_course.site.build.execution_cache import CACHE
from mlc_course.site.notebooks.page_notebook import is_notebook

ROOT = course_root()
NOTEBOOKS = [name for name in pages(ROOT) if is_notebook(read_page(name, "en", ROOT).text)]
# The first is explained in first_errors, the others in frameworks; Python shows a line of the cell below its warning.
TOLD = (
    r"\[[\d:]+\] \S*block_builder\.cc:\d+: Warning: BlockBuilder destroyed with remaining blocks!",
    r"\[[\d:]+\] \S*transform\.h:\d+: Warning: Fast mode segfaults when there are out-of-bounds indices\..*",
    r"\S+:\d+: UserWarning: .*negative indices.*",
    r"  .*import_with_tvm\(.*",
)


def untold(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if line and not any(re.fullmatch(each, line) for each in TOLD)]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_cell_shows_a_warning_that_nobody_told_of(site, name):
    notebook = read_myst_markdown_notebook((ROOT / "chapters" / "en" / f"{name}.md").read_text("utf-8"))
    _, run = get_cache(str(ROOT / CACHE)).merge_match_into_notebook(notebook)
    outputs = [output for cell in run.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [untold(output.text) for output in outputs if output.get("name") == "stderr" if untold(output.text)] == []


def test_a_warning_of_a_library_is_noticed():
    assert untold("/usr/lib/copyreg.py:105: FutureWarning: deprecated\n  return cls.__new__(cls, *args)\n")
