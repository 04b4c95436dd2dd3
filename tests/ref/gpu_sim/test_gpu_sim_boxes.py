"""Accesses at equal distances read and write what an access element by element does."""

import itertools

import numpy as np
import pytest
from present import present
from simulated import uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import Options, OutOfBounds, simulate
from mlc_ref.gpu_sim.boxes import Box
from mlc_ref.gpu_sim.lanes import Lanes
from mlc_ref.gpu_sim.memory import Memory

SHAPE = (1, 2, 4, 1, 3, 2)  # lanes: 8 threads of 6 blocks
GRID = np.ogrid[tuple(slice(n) for n in SHAPE)]
Z, Y, X, K, J, I_ = GRID
VECTOR = np.arange(4).reshape(4, 1, 1, 1, 1, 1, 1)
INDICES = {
    "row after row": ((Y * 4 + X) + (J * 2 + I_) * 8, True),
    "column after column": ((Y * 4 + X) * 6 + J * 2 + I_, True),
    "backwards": (47 - (Y * 4 + X) - (J * 2 + I_) * 8, True),
    "with gaps": ((Y * 4 + X) * 2 + (J * 2 + I_) * 20, True),
    "vectors": (VECTOR + ((Y * 4 + X) + (J * 2 + I_) * 8) * 4, True),
    "columns of vectors": (VECTOR * 48 + (Y * 4 + X) + (J * 2 + I_) * 8, True),
    "one element for two": (Y * 3 + X + (J * 2 + I_) * 8, True),
    "one element for all of a block": (Y * 0 + X * 0 + J * 2 + I_, True),
    "in pairs": (X // 2 + Y * 2 + (J * 2 + I_) * 4, False),
    "swizzled": ((X ^ (Y * 3)) + Y * 4 + (J * 2 + I_) * 8, False),
    "equal ends only": ((X * X) + Y * 16 + (J * 2 + I_) * 32, False),
    "a corner off": (Y * 4 + X + (J * 2 + I_) * 8 + 200 * (X == 3) * (Y == 0) * (J == 1) * (I_ == 0), False),
}  # fmt: skip
MASKS = {"all lanes": np.ones((1,) * 6, bool), "some lanes": (X + J) % 2 == 0, "no full row": X < 3}


def access(index, scope="global", dtype="float32"):
    """A memory, the offset of ``index`` and its pattern."""
    lanes = Lanes(SHAPE, (0, 0, 0))
    width = index.shape[0] if index.ndim == 7 else 1
    full = np.broadcast_to(index, (*([width] if index.ndim == 7 else []), *SHAPE)).astype(np.int64)
    memory = Memory.allocate("M", scope, np.dtype(dtype), 400, lanes)
    return memory, *lanes.pattern(np.ascontiguousarray(full))


@pytest.mark.parametrize("name", INDICES)
def test_a_box_is_found_where_distances_are_equal_and_nowhere_else(name):
    index, regular = INDICES[name]
    memory, _, pattern = access(index)
    found = memory.box(pattern)
    assert (found is not None) == regular
    if found is not None:
        flat = np.arange(500)
        np.testing.assert_array_equal(found.view(flat, 7), memory.cells(pattern) + 7)
        assert not found.apart or len(np.unique(memory.cells(pattern))) == memory.cells(pattern).size


@pytest.mark.parametrize("extents", [(2, 3), (3, 2), (4, 1)])
def test_lanes_of_a_box_are_apart_only_where_no_two_name_one_element(extents):
    for strides in itertools.product(range(-4, 5), repeat=2):
        rows, columns = np.ogrid[: extents[0], : extents[1]]
        places = rows * strides[0] + columns * strides[1]
        if Box(0, extents, strides).apart:
            assert len(np.unique(places)) == places.size, strides
        elif sorted(map(abs, strides)) == [1, 4]:
            assert len(np.unique(places)) < places.size, strides


@pytest.mark.parametrize(("scope", "dtype"), [("global", "float32"), ("shared", "int8"), ("local", "float64")])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("name", INDICES)
def test_reads_and_writes_are_those_of_each_lane_by_itself(name, mask, scope, dtype):
    memory, offset, pattern = access(INDICES[name][0], scope, dtype)
    memory.data[...] = np.arange(memory.data.size).reshape(memory.data.shape) % 127
    expected = memory.data.copy()
    group = np.broadcast_to(memory.group, SHAPE).reshape(-1)
    index = pattern.flat + offset
    np.testing.assert_array_equal(memory.read(offset, pattern).reshape(index.shape), expected[index, group])
    active = memory.lanes.mask(MASKS[mask])
    values = np.arange(index.size).reshape((*pattern.array.shape[:-6], *SHAPE)) % 100
    flat = values.reshape(index.shape)
    for lane in active.active:
        expected[index[:, lane], group[lane]] = flat[:, lane]
    memory.write(offset, pattern, active, values)
    np.testing.assert_array_equal(memory.data, expected)


def shifted(distance):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("A"):
                    vi = T.axis.spatial(64, i)
                    A[63 - vi] = A[vi + distance]

    return Module


def test_what_was_read_does_not_change_with_what_is_written():
    a = uniform(64)
    found = simulate(shifted(0), [], [a], options=Options(races=False)).outputs[0]
    np.testing.assert_array_equal(found, a[::-1])


def test_a_regular_access_that_leaves_its_buffer_is_found():
    with pytest.raises(OutOfBounds, match="index 64"):
        simulate(shifted(1), [], [uniform(64)])


@pytest.mark.parametrize("width", [1, 4])
@pytest.mark.parametrize("mask", MASKS)
def test_registers_are_defined_for_the_lanes_that_wrote_them(mask, width):
    start = VECTOR if width > 1 else np.zeros((1,) * 6, int)
    lanes = Lanes(SHAPE, (0, 0, 0))
    memory = Memory.allocate("M", "local", np.dtype("float32"), 12, lanes)
    low, pattern = lanes.pattern(start)
    active = lanes.mask(MASKS[mask])
    memory.define(low + 4, pattern, active)
    assert memory.undefined(low + 4, pattern, active) is None
    others = np.flatnonzero(~lanes.full(MASKS[mask]))
    missing = memory.undefined(low + 4, pattern, lanes.all)
    assert np.flatnonzero(missing if missing is not None else []).tolist() == others.tolist()
    assert memory.undefined(low + 4 + width, pattern, active) is not None, "nothing beside it is defined"
    assert memory.undefined(low + 3, pattern, active) is not None


def test_a_register_that_some_lanes_write_undefined_values_to_is_undefined_there():
    lanes = Lanes(SHAPE, (0, 0, 0))
    memory = Memory.allocate("M", "local", np.dtype("float32"), 12, lanes)
    low, pattern = lanes.pattern(np.zeros((1,) * 6, int))
    undefined = np.arange(lanes.count) == 7
    memory.define(low, pattern, lanes.all, undefined)
    assert np.flatnonzero(present(memory.undefined(low, pattern, lanes.all))).tolist() == [7]
