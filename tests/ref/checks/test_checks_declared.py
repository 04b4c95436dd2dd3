"""Blocks that say what they do."""

import pytest
import tvm

from mlc_ref.checks.declared import stores_in_blocks
from mlc_ref.checks.failure import CheckFailure

PROGRAM = """
# from tvm.script import tirx as T
@T.prim_func(s_tir=True)
def main(A: T.Buffer((8, 4), "float32"), B: T.Buffer((8,), "float32")):
    for i, k in T.grid(8, 4):
        with T.sblock("B"):
            vi, vk = T.axis.remap("SR", [i, k])
            T.reads(A[vi, vk])
            T.writes(B[vi])
            with T.init():
                B[vi] = T.float32(0)
            B[vi] = B[vi] + A[vi, vk]
"""


def program(old="", new=""):
    assert old in PROGRAM
    return tvm.script.from_source(PROGRAM.replace(old, new, 1))


def test_blocks_as_tvm_makes_them_are_accepted():
    stores_in_blocks(program(), loads=2)
    sch = tvm.s_tir.Schedule(program())
    i, k = sch.get_loops("B")
    sch.reorder(k, i)
    sch.decompose_reduction("B", k)
    stores_in_blocks(sch, loads=2)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("T.reads(A[vi, vk])", "T.reads()", "T.reads and T.writes"),
        ("T.reads(A[vi, vk])", "T.reads(A[0, 0])", "T.reads and T.writes"),
        ("T.writes(B[vi])", "T.writes(B[0])", "T.reads and T.writes"),
        ("            B[vi] = B[vi] + A[vi, vk]", "            for j in range(9):\n                B[vi] = A[vi, j % 4]", "no loop"),
        ("            B[vi] = B[vi]", "            B[vi] = B[vi]\n            B[vi] = A[vi, vk]", "one store"),
        ("+ A[vi, vk]", "+ A[vi, vk] * A[vi, vk]", "at most 2 elements read; found: 3"),
        ("        with T.sblock", "        B[0] = A[i, k]\n        with T.sblock", "every store in a block"),
    ],
)  # fmt: skip
def test_blocks_that_do_more_than_they_say_are_refused(old, new, found):
    with pytest.raises(CheckFailure, match=found):
        stores_in_blocks(program(old, new), loads=2)
