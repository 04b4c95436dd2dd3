"""What the schedule explorer says to readers without scripts about steps that cannot be counted."""

import pytest
from bs4 import BeautifulSoup
from tvm.s_tir import Schedule

from mlc_ref.language import Text
from mlc_ref.tensorization.programs.matmul import matmul
from mlc_ref.tensorization.schedules import toy
from mlc_ref.viz import explore
from mlc_ref.viz.explorer.fallback import fallback


@pytest.mark.parametrize(
    ("numbers", "english", "chinese"),
    [
        ([[7], None, [5000]], "loads: 7 at the beginning, 5,000 at the end", "读取次数：最初 7，最后 5,000"),
        ([None, [7], [5]], "loads: 7 after step 1, 5 at the end", "读取次数：第 1 步之后 7，最后 5"),
        ([[7], [5], None, None], "loads: 7 at the beginning, 5 after step 1", "读取次数：最初 7，第 1 步之后 5"),
        ([None, [7], [6], None], "loads: 7 after step 1, 6 after step 2", "读取次数：第 1 步之后 7，第 2 步之后 6"),
        ([None, [7], None], "loads: 7 after step 1", "读取次数：第 1 步之后 7"),
        ([None, [7]], "loads: 7 at the end", "读取次数：最后 7"),
    ],
)
def test_the_text_without_scripts_says_of_which_steps_its_counters_are(numbers, english, chinese):
    step = {"call": "split(i)", "kind": "Split", "sampled": False, "nest": [0]}
    counters = {"names": [Text("loads", "读取次数")], "model": Text("A model.", "模型。"), "numbers": numbers}
    html = fallback({"steps": [step] * len(numbers), "sentences": {"Split": Text("One", "一")}, "lines": ["for i"],
                     "counters": counters})  # fmt: skip
    shown = [line.get_text() for line in BeautifulSoup(html, "html.parser").select("ul span")]
    assert shown == [english, chinese]
    assert ("later steps make cannot be counted" in html) == (numbers[-1] is None)


def test_a_schedule_that_ends_in_instructions_says_after_which_step_it_was_counted():
    mod = matmul(8, 12, 16)
    widget = explore(toy.tensorize_with_memories(Schedule(mod)), mod)
    last = max(number for number, values in enumerate(widget.data["counters"]["numbers"]) if values)
    assert last < len(widget.data["steps"]) - 1
    assert f"after step {last}" in widget.fallback
    assert "at the end" not in widget.fallback
