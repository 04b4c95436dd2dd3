"""What cells print stands on each page, and in each notebook, in its language."""

import pytest
from docutils import nodes
from nbformat.v4 import new_output

from mlc_course.site.notebooks.cached_outputs import in_notebook
from mlc_course.site.sphinx.output_language import leave_one_language
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.errors import SimulationError
from mlc_ref.gpu_sim.result import KernelResult, Result
from mlc_ref.language import LANGUAGES, PAGES, Text, for_print

KERNEL = KernelResult("main_kernel", (4, 1, 1), (32, 1, 1), Counters(flops=3), ())
SAYING = [
    (CheckFailure(expected=Text("a loop", "循环"), found=3), "expected: a loop; found: 3", "期望：循环；实际：3"),
    (SimulationError(Text("a race", "数据竞争")), "a race", "数据竞争"),
    (Result([], [KERNEL]), "flops", "浮点运算"),
]


@pytest.fixture(autouse=True)
def on_pages(monkeypatch):
    monkeypatch.setenv(PAGES, "1")


@pytest.mark.parametrize(("said", "english", "chinese"), SAYING, ids=lambda each: type(each).__name__)
def test_pages_and_notebooks_leave_one_language_of_what_the_product_prints(said, english, chinese):
    for language, wanted, other in zip(LANGUAGES, (english, chinese), (chinese, english), strict=True):
        block = nodes.literal_block(str(said), str(said))
        document = nodes.section("", block)
        leave_one_language(document, language)
        assert wanted in block.astext()
        assert other not in block.astext()
        assert block.rawsource == block.astext()
        output = in_notebook(new_output("stream", text=f"{said}\n"), language)
        assert output.text.strip() == block.astext()


def test_results_and_errors_of_a_notebook_have_one_language_too():
    said = for_print(Text("two", "二"))
    shown = new_output("execute_result", {"text/plain": said, "text/html": "<p>x</p>"})
    assert in_notebook(shown, "zh").data["text/plain"] == "二"
    error = in_notebook(new_output("error", ename="E", evalue=said, traceback=[f"E: {said}"]), "en")
    assert (error.evalue, error.traceback) == ("two", ["E: two"])
