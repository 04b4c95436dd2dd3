"""Outputs of cells, of any messages and in floods: valid, bounded, and in time and memory in proportion."""

import pytest
from bounds import affordable, cost, grows_linearly
from fuzz_values import fuzzed, values
from hypothesis import given
from hypothesis import strategies as st

from mlc_course.grading.vetting.cell_outputs import MAX_ERROR, MAX_OUTPUT, CellOutputs, terminal_text

texts = st.sampled_from(
    ["", "\n", "\r", "\b", "a", "a\n", "\ra", "x" * 5000, "\b" * 5000, "\r" * 5000, "a\b" * 2000, "\ud800", "\r\n"]
)


contents = st.fixed_dictionaries(
    {}, optional={
        "name": st.sampled_from(["stdout", "stderr"]) | values, "text": texts | values, "wait": st.booleans() | values,
        "data": st.dictionaries(st.sampled_from(["text/plain", "image/png", "text/html"]), texts | values) | values,
        "transient": st.fixed_dictionaries({"display_id": st.sampled_from(["a", "b"]) | values}) | values,
        "ename": texts | values, "evalue": texts | values, "traceback": st.lists(texts, max_size=3) | values,
    }
)  # fmt: skip


KINDS_SHOWN = [
    "stream",
    "error",
    "display_data",
    "execute_result",
    "update_display_data",
    "clear_output",
    "status",
    "comm_msg",
]


@pytest.mark.timed
@fuzzed
@given(st.lists(st.tuples(st.sampled_from(KINDS_SHOWN), st.none() | contents, st.integers(1, 60)), max_size=8))
def test_outputs_of_any_messages_are_valid_and_no_longer_than_allowed(messages):
    import nbformat

    limit = 20_000
    outputs = CellOutputs(limit)

    def take() -> None:
        for kind, content, times in messages:
            for _ in range(times):
                outputs.take(kind, content)

    size = 10_000 * sum(times for _kind, _content, times in messages)
    assert affordable(cost(take), size)
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = outputs.plain()
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert {name for output in cell.outputs for name in output.get("data", {})} <= {"text/plain", "image/png"}
    assert sum(len(str(output)) for output in cell.outputs) < 2 * limit + MAX_ERROR * 3 + 200 * len(cell.outputs)


FLOODS = {
    "one long line": lambda n: [("stream", {"text": "x" * (10 * n)})],
    "many short lines": lambda n: [("stream", {"text": "x\n"})] * n,
    "a progress bar": lambda n: [("stream", {"text": "\r" + "#" * 40})] * n,
    "backspaces": lambda n: [("stream", {"text": "ab\b\b" * 100})] * n,
    "two streams in turn": lambda n: [("stream", {"text": "x" * 20, "name": s}) for s in ("stdout", "stderr")] * (n // 2),
    "displays": lambda n: [("display_data", {"data": {"text/plain": "x" * 50}})] * n,
    "updates": lambda n: [("update_display_data", {"data": {"text/plain": "x" * 50}, "transient": {"display_id": "a"}})] * n,
    "pictures and clearing": lambda n: (
        message for i in range(n // 2) for message in (
            ("display_data", {"data": {"image/png": "A" * 1000}, "transient": {"display_id": str(i)}}),
            ("clear_output", {}))),
    "pictures": lambda n: (
        ("display_data", {"data": {"image/png": "A" * 1000}, "transient": {"display_id": str(i % 9)}}) for i in range(n)),
    "clearing": lambda n: [m for _ in range(n // 2) for m in (("stream", {"text": "x" * 100}), ("clear_output", {"wait": True}))],
    "errors": lambda n: [("error", {"ename": "E", "evalue": "x" * 100, "traceback": ["x"] * 10})] * n,
}  # fmt: skip


@pytest.mark.timed
@pytest.mark.parametrize("name", FLOODS)
def test_floods_of_output_take_time_in_proportion_and_bounded_memory(name):
    def take(size: int) -> CellOutputs:
        outputs = CellOutputs()
        outputs.take("display_data", {"data": {"text/plain": "first"}, "transient": {"display_id": "a"}})
        for kind, content in FLOODS[name](size):
            outputs.take(kind, content)
        return outputs

    assert grows_linearly(lambda size: cost(take, size, memory=False).seconds, 40_000)
    assert cost(lambda: take(40_000).plain()).memory < 12 * MAX_OUTPUT + 40_000 * 30


def test_what_a_terminal_would_show_is_kept():
    assert terminal_text("10%\r20%\r100%\ndone\r\n") == "100%\ndone\n"
    assert terminal_text("abc\b\bX") == "aX"
    assert terminal_text("\b\bx\r") == "x\r"


def test_a_progress_bar_that_prints_more_than_is_kept_costs_no_other_output():
    outputs = CellOutputs()
    for step in range(60_000):
        outputs.take("stream", {"text": f"\r{step:>40}"})
    outputs.take("stream", {"text": "\nfinished\n"})
    assert outputs.plain()[0].text.endswith("59999\nfinished\n")


def test_an_output_that_is_cut_says_so_and_keeps_its_error():
    outputs = CellOutputs()
    outputs.take("stream", {"text": "x" * 2 * MAX_OUTPUT})
    outputs.take("error", {"ename": "ValueError", "evalue": "no", "traceback": ["no"]})
    kinds = [output.output_type for output in outputs.plain()]
    assert kinds == ["stream", "error", "stream"]
    assert "output cut" in outputs.plain()[-1].text


def test_cleared_displays_are_forgotten():
    displays: dict = {}
    outputs = CellOutputs(displays=displays)
    for number in range(1000):
        outputs.take("display_data", {"data": {"text/plain": "x"}, "transient": {"display_id": str(number)}})
        outputs.take("clear_output", {})
    assert displays == {}
