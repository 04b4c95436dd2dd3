"""The process that judges answers: what an item's cells or an answer do reaches no other item and no other answer."""

import re
import shutil

import pytest
from exercise_answers import judged, start_server
from submissions import TOY

AXIS = 'kind = "reduction"'
DOUBLE = "def double(x):\n    return 2 * x"
MARKS = "import tvm\ntvm.register_global_func('lab.mark', lambda: 0)\nnp.random.seed(0)\nnp.mark = 1"
EXAMPLE = "np.arange(3)"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """It serves the toy set, with a cell that changes much before the second item and one that raises before the third."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(TOY, root, dirs_exist_ok=True)
    source = root / "exercises" / "toy" / "exercise.md"
    raises = "```{code-cell} python\n:role: example\n\n1 / 0\n```\n\n"
    text = source.read_text("utf-8").replace(EXAMPLE, MARKS)
    text, changed = re.subn(r"(?=```\{code-cell\} python\n:role: answer\n:item: scale)", raises, text)
    assert changed == 1
    source.write_text(text, "utf-8")
    process = start_server(MLC_COURSE_ROOT=str(root))
    yield process
    process.stdin.close()
    assert process.wait(60) == 0


def lost(reply):
    return {name for name, message in reply["parts"].items() if message}


def test_a_cell_that_raises_costs_the_items_after_it_and_no_other(server):
    for _time in range(2):
        assert judged("toy", "scale", "scale = 1", server=server) == {"raised": "ZeroDivisionError: division by zero"}
    assert lost(judged("toy", "axis", AXIS, server=server)) == set()


def test_what_the_cells_before_an_item_change_stays_with_it(server):
    found = (
        "import tvm\nmarked = [hasattr(np, 'mark'), tvm.get_global_func('lab.mark', allow_missing=True) is not None]\n"
    )
    assert lost(judged("toy", "double", f"{found}assert all(marked), marked\n{DOUBLE}", server=server)) == set()
    assert lost(judged("toy", "axis", f"{found}assert not any(marked), marked\n{AXIS}", server=server)) == set()


def test_an_answer_cannot_reply_to_another_request(server):
    writes = """
import os
for number in range(3, 100):
    try:
        os.write(number, b'{"parts": {}}\\n')
    except OSError:
        pass
"""
    judged("toy", "axis", f"{writes}{AXIS}", server=server)
    for _time in range(2):
        assert lost(judged("toy", "axis", 'kind = "spatial"', server=server))
