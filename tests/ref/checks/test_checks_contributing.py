"""Blocks that the result is made of: dead ones are left out, and each works by its own axes."""

import pytest
from tvm import te
from tvm.script import tirx as T

from mlc_ref.checks.contributing import computes_by_axes, contributing
from mlc_ref.checks.failure import CheckFailure


@T.prim_func(s_tir=True)
def with_dead_block(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    first = T.sblock_alloc_buffer((4,), "float32")
    dead = T.sblock_alloc_buffer((4,), "float32")
    for i in range(4):
        with T.sblock("first"):
            vi = T.axis.spatial(4, i)
            first[vi] = A[vi]
    for i in range(4):
        with T.sblock("dead"):
            vi = T.axis.spatial(4, i)
            dead[vi] = first[vi]
    for i in range(4):
        with T.sblock("C"):
            vi = T.axis.spatial(4, i)
            C[vi] = first[vi]


@T.prim_func(s_tir=True)
def by_loops(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(4):
        with T.sblock("C"):
            C[i] = A[i]


@T.prim_func(s_tir=True)
def loop_inside(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    with T.sblock("C"):
        for i in range(4):
            C[i] = A[i]


@T.prim_func(s_tir=True)
def no_block(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(4):
        C[i] = A[i]


@T.prim_func(s_tir=True)
def written_out(A: T.Buffer((4, 2), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(4):
        with T.sblock("C"):
            vi = T.axis.spatial(4, i)
            C[vi] = A[vi, 0] + A[vi, 1]


def test_blocks_that_nobody_needs_are_left_out():
    assert [site.name for site in contributing(with_dead_block)] == ["first", "C"]


@pytest.mark.parametrize(
    ("func", "words"),
    [
        (by_loops, "uses its own axes; found: loop variable i"),
        (loop_inside, "no loop inside the block; found: loop variable i"),
        (no_block, "every store in a block"),
        (written_out, "A at one place in each iteration; found: A[vi, 0] and A[vi, 1]"),
    ],
)
def test_a_block_that_works_otherwise_is_named(func, words):
    with pytest.raises(CheckFailure) as caught:
        computes_by_axes(func)
    assert words in caught.value.message.en
    assert caught.value.hint


def test_tensor_expressions_pass():
    x, k = te.placeholder((5, 7)), te.reduce_axis((0, 7))
    total = te.compute((5,), lambda i: te.sum(x[i, k] * x[i, k], axis=k))
    computes_by_axes(te.create_prim_func([x, te.compute((5, 7), lambda i, j: x[i, j] / total[i])]))
