"""Downloaded notebooks as a reader meets them: in JupyterLab, without the network, in both languages and themes.

All pages' prose, figures and widgets are looked at as two notebooks a language: one that nobody trusted, and one that is trusted
and whose last cells are run. Of the exercises, one notebook a language is opened both ways.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from jupyter_lab import Lab, Visit, running_lab, visiting
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect
from present import present

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Cells that draw, each fast; the labs that search and that read digits take too long and are used as they came.
DRAWING = """
import numpy as np
from tvm.s_tir import Schedule
from mlc_ref.end_to_end.programs import MLP
from mlc_ref.gpu import programs as kernels
from mlc_ref.gpu.labs import own_file_lab, transpose_lab
from mlc_ref.gpu.schedules import transpose
from mlc_ref.gpu_sim import simulate
from mlc_ref.schedules import primitives, programs
from mlc_ref.viz import explore, explore_access, explore_graph
from mlc_ref.viz.roofline import roofline

small, square = programs.matmul(4, 8, 4), np.ones((32, 32), "float32")
result = simulate(transpose.shared(Schedule(kernels.transpose(32, 32))).mod, [square], [((32, 32), "float32")])
result
---
explore(primitives.cache_write(small), small)
---
explore_graph(MLP)
---
explore_access(result)
---
roofline({"naive": (200, 800), "tiled": (200, 100)})
---
transpose_lab()
---
own_file_lab()
"""
# How a reader uses a widget of each kind; what is shown must change.
USES = {
    "explore": lambda stage: stage.locator("button").nth(1).click(),
    "graph": lambda stage: stage.locator("button.mlc-fold").first.click(),
    "access": lambda stage: stage.locator('input[type="range"]').press("ArrowRight"),
    "roofline": lambda stage: stage.locator("input").first.fill("1234"),
    "webgpu_ladder": lambda stage: stage.locator("table button").nth(2).click(),
    "webgpu_lookup": lambda stage: stage.locator("input").first.press("Enter"),
    "webgpu_search": lambda stage: stage.locator("button.mlc-gpu-main").click(),
    "webgpu_digit": lambda stage: stage.locator(".mlc-gpu-examples button").first.click(),
    "webgpu_file": lambda stage: stage.locator("button").first.click(),
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
# The texts of a widget that are neither code nor names of devices: one text for each element that holds any.
TEXTS = """root => {
  const copy = root.cloneNode(true);
  copy.querySelectorAll("code, pre, script, style, [hidden]").forEach((each) => each.remove());
  return [...copy.querySelectorAll("p, li, th, td, button, label, figcaption, h3, h4, summary, text")].map((each) => each.textContent);
}"""
# Pixels below the last thing that an output shows.
ROOM = """root => root.getBoundingClientRect().bottom
  - Math.max(...[...root.children].filter((c) => !["SCRIPT", "STYLE"].includes(c.tagName)).map((c) => c.getBoundingClientRect().bottom))"""
BROKEN = "() => [...document.querySelectorAll('.jp-Notebook img')].filter((i) => !i.naturalWidth).map((i) => i.src.slice(0, 99))"


def gathered(folder: Path, *, prose: bool) -> nbformat.NotebookNode:
    """All that was drawn in the notebooks of a folder, and all their prose where asked for, as one notebook."""
    cells = []
    for path in sorted(folder.glob("*.ipynb")):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            drawn = [o for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
            if drawn or (prose and cell.cell_type == "markdown"):
                cell["id"] = f"{path.stem.replace('_', '-')}-{number}"
                cells.append(cell)
    return new_notebook(cells=cells, metadata=KERNEL)


def drawing_cells(site: Path, language: str) -> nbformat.NotebookNode:
    """The first cell of a chapter's notebook, which chooses the language, and cells that draw."""
    chapter = nbformat.read(site / language / "notebooks" / "gpu.ipynb", as_version=4)
    first = next(cell.source for cell in chapter.cells if cell.cell_type == "code")
    return new_notebook(cells=[new_code_cell(each.strip()) for each in (first, *DRAWING.split("---"))], metadata=KERNEL)


@pytest.fixture(scope="module")
def lab(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        for language in ("en", "zh"):
            folder = site / language / "notebooks"
            running.write(f"{language}-untrusted.ipynb", gathered(folder, prose=True), trusted=False)
            running.write(f"{language}-trusted.ipynb", gathered(folder, prose=False), trusted=True)
            for trusted in (False, True):
                exercise = nbformat.read(site / language / "exercises" / "schedules.ipynb", as_version=4)
                exercise.metadata["test"] = {"trusted": trusted}
                running.write(f"{language}-exercise-{trusted}.ipynb", exercise, trusted=trusted)
            running.write(f"{language}-run.ipynb", drawing_cells(site, language), trusted=False)
        yield running


@dataclass
class Reader:
    """One reader's language and window."""

    language: str
    visit: Visit


@pytest.fixture(scope="module", params=[("en", False), ("zh", True)], ids=["en-light", "zh-dark"])
def reader(request: pytest.FixtureRequest, browser: Browser, lab: Lab) -> Iterator[Reader]:
    language, dark = request.param
    with visiting(browser, lab, dark=dark) as visit:
        yield Reader(language, visit)


def foreign(root: Locator, language: str) -> list[str]:
    """Texts of a widget in the other language, or in both at once."""
    texts = [text.strip() for text in root.evaluate(TEXTS)]
    assert texts, "nothing is said"
    if language == "en":
        return [text for text in texts if CHINESE.search(text)]
    assert any(CHINESE.search(text) for text in texts), texts
    return [text for text in texts if SENTENCE.search(text)]


def drawn(page: Page) -> list[Locator]:
    """The widgets of a notebook, each scrolled to and drawn."""
    widgets = page.locator(".mlc-widget").all()
    for widget in widgets:
        widget.scroll_into_view_if_needed()
        expect(widget).to_have_attribute("data-state", "drawn")
    return widgets


def look_at(widgets: list[Locator], reader: Reader, *, scripts: bool) -> None:
    for widget in widgets:
        name = widget.get_attribute("data-widget")
        assert foreign(widget, reader.language) == [], name
        assert widget.evaluate(ROOM) < 40, name
        assert present(widget.bounding_box())["height"] > 40, name
        assert (widget.locator(".mlc-widget-stage").count() == 1) == scripts, name


def test_without_trust_there_are_texts_in_one_language_figures_and_no_empty_room(reader: Reader) -> None:
    page = reader.visit.open(f"{reader.language}-untrusted.ipynb")
    widgets = page.locator(".mlc-widget").all()
    assert len(widgets) > 40
    look_at(widgets, reader, scripts=False)
    page.wait_for_function(f"() => !({BROKEN})().length")
    assert page.locator(".jp-Notebook img").count() > 50
    assert page.locator(".jp-Notebook details > summary").count() >= 29
    assert reader.visit.problems == []


def test_with_trust_every_widget_is_drawn_and_can_be_used(reader: Reader) -> None:
    page = reader.visit.open(f"{reader.language}-trusted.ipynb")
    widgets = drawn(page)
    look_at(widgets, reader, scripts=True)
    kinds = {str(widget.get_attribute("data-widget")): widget for widget in widgets}
    assert set(kinds) == set(USES)
    for name, widget in kinds.items():
        stage = widget.locator(".mlc-widget-stage")
        before = stage.inner_html()
        USES[name](stage)
        assert stage.inner_html() != before, name
    dark = page.evaluate("() => document.body.dataset.jpThemeLight") == "false"
    assert {widget.get_attribute("data-theme") for widget in widgets} == {"dark" if dark else "light"}
    assert reader.visit.problems == []


def test_what_is_run_speaks_the_notebook_s_language_with_nothing_set_by_hand(reader: Reader) -> None:
    page = reader.visit.open(f"{reader.language}-run.ipynb")
    reader.visit.run_all()
    expect(page.locator(".mlc-widget")).to_have_count(6, timeout=120_000)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    look_at(drawn(page), reader, scripts=True)
    for output in page.locator(".jp-OutputArea-output").all():
        assert present(output.bounding_box())["height"] > 15
    table = page.locator(".jp-OutputArea-output table").first.inner_text()
    assert bool(CHINESE.search(table)) == (reader.language == "zh"), table
    assert reader.visit.problems == []


@pytest.mark.parametrize("trusted", [False, True], ids=["untrusted", "trusted"])
def test_an_exercise_notebook_opens_with_its_prompts_hints_and_answers_to_write(reader: Reader, trusted: bool) -> None:
    page = reader.visit.open(f"{reader.language}-exercise-{trusted}.ipynb")
    titles = page.locator(".jp-Notebook h2").all_inner_texts()
    assert len(titles) >= 7
    assert [title for title in titles if bool(CHINESE.search(title)) != (reader.language == "zh")] == []
    assert page.locator(".jp-Notebook details > summary").count() >= 7
    assert page.locator(".jp-Notebook .jp-CodeCell", has_text="check(").count() >= 7
    assert page.evaluate(BROKEN) == []
    assert reader.visit.problems == []
