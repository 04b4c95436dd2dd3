"""Programs whose indices could leave a buffer in ways that are easily overlooked: each is refused or asks for a range."""

from collections.abc import Callable
from typing import Any

import pytest
import tvm
from tvm import tirx
from tvm.script import tirx as T

from mlc_ref.webgpu import Unsupported, compile_kernels

ALL = (-(2**31), 2**31 - 1)


def looked_up(place: Callable[..., Any], rows: int = 100) -> tvm.IRModule:
    """``out[i] = table[place(ids[i], by[i])]``."""

    @T.prim_func(s_tir=True)
    def main(
        ids: T.Buffer((64,), "int32"),
        by: T.Buffer((64,), "int32"),
        table: T.Buffer((rows,), "float32"),
        out: T.Buffer((64,), "float32"),
    ):
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("look"):
                vi = T.axis.spatial(64, i)
                out[vi] = table[place(ids[vi], by[vi])]

    return tvm.IRModule({"main": main})


@pytest.mark.parametrize(
    ("place", "rows", "ranges"),
    [
        # TVM leaves ids + 2048 of the first, and may leave ids * ids of the second and third.
        (lambda v, _: v * 2**20 // 2**20 + 2048, 4096, {"ids": ALL}),
        (lambda v, _: T.floormod(v * v, 100), 100, {"ids": ALL}),
        (lambda v, _: T.max(T.min(v * v, 99), 0), 100, {"ids": ALL}),
        (lambda v, _: T.bitwise_and(T.Select(v < 0, v * v, v), 63), 100, {"ids": ALL}),
        # A shift to the left may leave the type as a product may, of negative numbers too.
        (lambda v, _: T.max(T.min(tirx.LShift(v, T.int32(20)), 99), 0), 100, {"ids": ALL}),
        (lambda v, _: T.floordiv(tirx.LShift(v, T.int32(20)), 2**20) + 2048, 4096, {"ids": ALL}),
        (lambda v, _: T.floormod(tirx.LShift(v, T.int32(3)), 8), 100, {"ids": (-(2**30), 2**30)}),
        # A shift by 32 is one by 0 in WGSL, a division by 0 leaves the dividend.
        (lambda v, by: T.shift_right(v, by), 100, {"ids": (0, 2**31 - 1), "by": (32, 40)}),
        (lambda v, by: 99 + T.truncdiv(v, by), 100, {"ids": (0, 99), "by": (-40, 0)}),
    ],
)
def test_a_step_that_is_undefined_for_some_inputs_spoils_all_that_follow(place, rows: int, ranges: dict):
    with pytest.raises(
        Unsupported, match=rf"got index .* of table, axis 0, .* come from .*ids, allowed 0 to {rows - 1}"
    ):
        compile_kernels(looked_up(place, rows), "look", ranges=ranges)


def test_shifts_and_divisions_by_what_is_in_range_are_proved():
    for place, by in ((lambda v, by: T.shift_right(v, by), (2, 31)), (lambda v, by: T.floordiv(v, by), (4, 9))):
        compile_kernels(looked_up(place), "look", ranges={"ids": (0, 399), "by": by})


@T.prim_func(s_tir=True)
def as_axis(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(64, i)
            vj = T.axis.opaque(100, ids[i])
            T.reads(table[0:100])
            T.writes(out[vi])
            out[vi] = table[vj]


def test_the_value_of_an_axis_that_is_read_from_an_input_needs_a_range():
    artefact = compile_kernels(tvm.IRModule({"main": as_axis}), "axis")
    assert artefact.tensors[0].range == (0, 99)


@T.prim_func(s_tir=True)
def beyond_its_axis(
    ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((128,), "float32")
):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.opaque(64, i * 2)
            T.reads(ids[0:64], table[0:100])
            T.writes(out[vi])
            out[vi] = table[ids[0] + vi]


@T.prim_func(s_tir=True)
def part(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(64, i)
            T.reads(ids[vi], table[0:100])
            T.writes(out[vi])
            row = T.match_buffer(table[ids[vi] : ids[vi] + 4], (4,), "float32", offset_factor=1)
            out[vi] = row[1]


@T.prim_func(s_tir=True)
def changed_in_between(
    ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")
):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(64, i)
            T.reads(ids[0:64])
            T.writes(out[vi])
            k = T.sblock_alloc_buffer((1,), "int32", scope="local")
            k[0] = 0
            if ids[k[0]] >= 0 and ids[k[0]] < 100:
                k[0] = 1
                out[vi] = table[ids[k[0]]]


@T.prim_func(s_tir=True)
def under_a_condition(
    ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")
):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(64, i)
            T.reads(ids[vi])
            T.writes(out[vi])
            k = T.sblock_alloc_buffer((1,), "int32", scope="local")
            k[0] = 0
            if ids[vi] > 3:
                k[0] = 200
            out[vi] = table[k[0]]


@T.prim_func(s_tir=True)
def compacted(ids: T.Buffer((64,), "int32"), out: T.Buffer((32,), "int32")):
    for i in T.thread_binding(1, "threadIdx.x"):
        with T.sblock("keep"):
            vi = T.axis.spatial(1, i)
            T.reads(ids[0:64])
            T.writes(out[0:32])
            k = T.sblock_alloc_buffer((1,), "int32", scope="local")
            k[vi] = 0
            for j in range(64):
                if ids[j] > 3:
                    out[k[0]] = ids[j]
                    k[0] = k[0] + 1


@pytest.mark.parametrize(
    ("func", "message"),
    [
        (beyond_its_axis, r"index ids\[0\] \+ vi of table, axis 0, whose values 0 to 162 "),
        (part, r"index ids\[vi\] \+ 4 - 1 of table, axis 0, whose values 3 to 102 "),
        (changed_in_between, r"index ids\[k\[0\]\] of table, axis 0, whose values 0 to 100 "),
        (under_a_condition, r"index k\[0\] of table, axis 0, whose values 0 to 200 come from what the function stores"),
        (compacted, r"index k\[0\] of out, axis 0, whose values .* come from what the function stores"),
    ],
)
def test_an_index_is_proved_by_all_that_it_can_be_and_not_by_where_it_comes_from(func, message: str):
    last = {beyond_its_axis: 36, part: 99}.get(func, 100)
    with pytest.raises(Unsupported, match=rf"function main: got {message}"):
        compile_kernels(tvm.IRModule({"main": func}), "look", ranges={"ids": (0, last)})


def renamed(dtype: str = "float32", size: int = 100, offset: int = 0) -> tvm.IRModule:
    """``out[i] = other[ids[i]]``, where ``other`` is another name of a table of 100 numbers."""

    @T.prim_func(s_tir=True)
    def main(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), dtype)):
        other = T.decl_buffer((size,), dtype, data=table.data, elem_offset=offset)
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("look"):
                vi = T.axis.spatial(64, i)
                T.reads(ids[vi])
                T.writes(out[vi])
                out[vi] = other[ids[vi]]

    return tvm.IRModule({"main": main})


def test_another_name_of_a_buffer_has_its_elements_and_no_more():
    assert compile_kernels(renamed(), "same").tensors[0].range == (0, 99)
    for other in (renamed(size=1000), renamed(offset=50), renamed("int32")):
        with pytest.raises(Unsupported, match=r"got other, another name of table with other elements"):
            compile_kernels(other, "other")


@T.prim_func(s_tir=True)
def gaps(table: T.handle, out: T.Buffer((10,), "float32")):
    rows = T.match_buffer(table, (10, 10), "float32", strides=(100, 1))
    for i in T.thread_binding(10, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(10, i)
            out[vi] = rows[vi, 1]


def test_a_parameter_with_gaps_between_its_rows_is_refused():
    with pytest.raises(Unsupported, match=r"parameter rows: got the strides \[100, 1\], allowed \[10, 1\]"):
        compile_kernels(tvm.IRModule({"main": gaps}), "gaps")


@pytest.mark.parametrize("span", [(0.0, 9.0), (3,), None, "ab"])
def test_a_range_that_is_no_pair_of_integers_is_refused(span):
    with pytest.raises(Unsupported, match=r"range of ids: got .*, allowed two integers"):
        compile_kernels(looked_up(lambda v, _: v), "look", ranges={"ids": span})
