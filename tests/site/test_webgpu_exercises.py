"""The exercises on GPUs, tried in the page: the solutions export, and run where they are dropped."""

import pytest
from solved_notebook import solved_notebook

from mlc_ref.gpu.labs import own_file_lab
from mlc_ref.webgpu import export_webgpu

pytestmark = pytest.mark.browser

RUN_IN_A_PAGE = ["bound", "window", "turned", "summed", "tiled", "staged"]


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    return solved_notebook("gpu", tmp_path_factory.mktemp("answers"))


@pytest.fixture(scope="module")
def drop_zone():
    return own_file_lab().page_html()


@pytest.mark.parametrize("answer", RUN_IN_A_PAGE)
def test_a_solution_is_exported_and_runs_where_it_is_dropped(open_piece, solved, drop_zone, tmp_path, answer: str):
    path = export_webgpu(getattr(solved, answer), tmp_path / f"{answer}.json")
    page = open_piece(drop_zone).page
    page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    page.set_input_files("input[type=file]", path)
    page.click(".mlc-gpu-main:enabled")
    page.wait_for_function("document.querySelector('.mlc-gpu-answer').textContent.startsWith('right')")
    assert page.inner_text(".mlc-gpu-title >> nth=0") == answer
