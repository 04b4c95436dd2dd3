"""What integer buffers can hold: the smallest range that all stores together give, or anything."""

import pytest
import tvm
from tvm import ir
from tvm.script import tirx as T

from mlc_ref.webgpu.value_ranges import ValueRanges

INT32 = (-(2**31), 2**31 - 1)


def held(func, **given) -> dict[str, tuple[int, int]]:
    """The ranges of a function's buffers by name."""
    parameters = {each.name: each for each in func.params}
    values = ValueRanges(func, {parameters[name]: span for name, span in given.items()})
    return {buffer.name: span for buffer, span in values.buffers.items()}


def stored(value, dtype: str = "int32") -> tvm.tirx.PrimFunc:
    """``B[i] = value(A[i], i)`` for 8 elements."""

    @T.prim_func(s_tir=True)
    def store(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), dtype)):
        for i in range(8):
            B[i] = value(A[i], i)

    return store


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (lambda a, i: a + i, (-5, 16)),
        (lambda a, i: a * a, (-45, 81)),  # bounds of products do not know that both are the same
        (lambda a, i: T.min(a, 3), (-5, 3)),
        (lambda a, i: T.if_then_else(a < 0, a + 100, a), (0, 99)),
        (lambda a, i: T.Select(a < 0, 0 - a, a), (0, 9)),
        (lambda a, i: T.Cast("int32", a < 0), (0, 1)),
        (lambda a, i: T.Cast("int32", T.Cast("int64", a) * T.int64(2)), (-10, 18)),
        (lambda a, i: T.Cast("int32", T.Cast("float32", a)), INT32),
        (lambda a, i: T.Cast("int32", T.Cast("int8", a * 10)), (-50, 90)),
        (lambda a, i: T.floormod(a * 2**30, 7), INT32),  # TVM simplifies as if nothing overflowed
        (lambda a, i: T.min(a * 2**30, 0), INT32),
    ],
)
def test_a_value_is_known_as_far_as_its_parts_are(value, expected):
    assert held(stored(value), A=(-5, 9))["B"] == expected


def test_what_may_overflow_may_be_anything_of_its_type():
    assert held(stored(lambda a, i: a * a), A=(0, 2**16))["B"] == INT32
    assert held(stored(lambda a, i: T.Cast("int8", a + i), "int8"), A=(0, 120))["B"] == (0, 127)
    assert held(stored(lambda a, i: T.Cast("int8", a + i), "int8"), A=(0, 121))["B"] == (-128, 127)
    assert held(stored(lambda a, i: T.Cast("uint32", a), "uint32"), A=(-1, 0))["B"] == (0, 2**32 - 1)


def test_parameters_without_a_range_may_hold_anything_and_results_that_are_never_read_what_is_stored():
    assert held(stored(lambda a, i: T.max(a, 0))) == {"A": INT32, "B": (0, 2**31 - 1)}


@T.prim_func(s_tir=True)
def counted(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32")):
    count = T.alloc_buffer((1,), "int32", scope="local")
    best = T.alloc_buffer((1,), "int32", scope="local")
    count[0] = 0
    best[0] = 0
    for i in range(8):
        count[0] = count[0] + 1
        best[0] = T.max(best[0], A[i])
    B[0] = count[0]
    B[1] = best[0]


def test_a_sum_that_grows_may_be_anything_but_a_maximum_has_a_bound():
    found = held(counted, A=(-5, 9))
    assert found["best"] == (0, 9)
    assert found["count"] == INT32


@T.prim_func(s_tir=True)
def branching(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32"), C: T.Buffer((8,), "int32")):
    for i in range(8):
        if A[i] < 4:
            B[i] = A[i]
        else:
            C[i] = A[i]


def test_a_branch_knows_its_condition_and_the_other_one_its_contrary():
    found = held(branching, A=(0, 9))
    assert (found["B"], found["C"]) == ((0, 3), (4, 9))


@T.prim_func(s_tir=True)
def other_element(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32")):
    for i in range(7):
        if A[i] < 4:
            B[i] = A[i + 1]


@T.prim_func(s_tir=True)
def overwritten(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32")):
    for i in range(8):
        if A[i] < 4:
            A[i] = 9
            B[i] = A[i]


def test_a_condition_says_nothing_of_another_element_nor_of_one_that_is_written():
    assert held(other_element, A=(0, 9))["B"] == (0, 9)
    assert held(overwritten, A=(0, 9))["B"] == (0, 9)


@T.prim_func(s_tir=True)
def named_twice(A: T.Buffer((2, 4), "int32"), B: T.Buffer((8,), "int32")):
    flat = T.decl_buffer((8,), "int32", data=A.data)
    for i in range(8):
        B[i] = flat[i]


def test_another_name_of_a_buffer_holds_what_the_buffer_holds():
    assert held(named_twice, A=(3, 4))["B"] == (3, 4)


@T.prim_func(s_tir=True)
def matched(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32")):
    for i in range(2):
        with T.sblock("part"):
            vi = T.axis.spatial(2, i)
            part = T.match_buffer(A[vi * 4 : vi * 4 + 4], (4,), "int32", offset_factor=1)
            for j in range(4):
                B[vi * 4 + j] = part[j]


def test_a_part_of_a_buffer_holds_what_the_buffer_holds():
    assert held(matched, A=(3, 4))["B"] == (3, 4)


@T.prim_func(s_tir=True)
def addressed(A: T.Buffer((8,), "int32"), B: T.Buffer((8,), "int32")):
    kept = T.alloc_buffer((8,), "int32", scope="local")
    T.evaluate(T.call_extern("int32", "fill", T.address_of(kept[0])))
    for i in range(8):
        B[i] = kept[i]


def test_a_buffer_whose_address_is_taken_may_hold_anything():
    assert held(addressed)["B"] == INT32


@T.prim_func(s_tir=True)
def vectors(A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "int32"), D: T.Buffer((8,), "int64")):
    C = T.alloc_buffer((8,), "int32", scope="local")
    for i in range(2):
        B[T.Ramp(i * 4, 1, 4)] = T.Cast("int32x4", T.exp(A[T.Ramp(i * 4, 1, 4)]) + A[T.Ramp(i * 4, 1, 4)])
        C[T.Ramp(i * 4, 1, 4)] = T.Ramp(i * 100, 10, 4)
        D[T.Ramp(i * 4, 1, 4)] = T.Cast("int64x4", C[T.Ramp(i * 4, 1, 4)]) * T.Broadcast(T.int64(2), 4)


def test_of_a_vector_every_lane_is_meant():
    assert held(vectors) == {"B": INT32, "C": (0, 130), "D": (0, 260)}


def test_the_inputs_that_a_value_depends_on_are_named():
    values = ValueRanges(branching, {})
    found: list[set[str]] = []
    values.walk({ir.TensorLoad: lambda load: found.append({each.name for each in values.depends_on(load)})})
    assert found == [{"A"}] * 3
