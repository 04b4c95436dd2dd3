"""Cells whose output depends on the machine say what is true on every one."""

import types

import pytest
import tvm

from mlc_course.content.pages import read_page
from mlc_course.root import course_root
from mlc_ref.harness import build
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.programs import matmul
from mlc_ref.schedules.tiles import matmul_tiles


def cell_with(page: str, words: str) -> str:
    (source,) = [source for source, _ in read_page(page, "en", course_root()).code if words in source]
    return source


@pytest.mark.parametrize(
    ("cores", "said"),
    [
        (None, "one core here: there is no second thread to compare with"),
        (1, "one core here: there is no second thread to compare with"),
        (2, "2 threads: 1.50 times as fast as one"),
        (8, "2 threads: 1.50 times as fast as one"),
    ],
)
def test_the_cell_that_compares_threads_is_true_for_any_number_of_cores(cores, said, capsys):
    names = {
        "os": types.SimpleNamespace(cpu_count=lambda: cores), "tvm": tvm, "time_ratio": lambda *_calls, rounds: 1.5,
        "LADDER": LADDER, "matmul_tiles": matmul_tiles, "build": build, "compiled": {}, "arguments": [],
        "program": matmul(32, 32, 32), "SIZE": 32,
    }  # fmt: skip
    exec(compile(cell_with("schedules", "threads: {ratio"), "cell", "exec"), names)
    assert capsys.readouterr().out == f"{said}\n"
