"""Kernels that do not end, take too much, or use what the simulator does not know; arguments that do not fit."""

import pickle
import re

import numpy as np
import pytest
from gpu_cases import CASES
from simulated import run, uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import (
    BarrierDivergence,
    DataRace,
    Misaligned,
    Options,
    OutOfBounds,
    SimulationError,
    StepLimit,
    UninitializedRead,
    Unsupported,
    errors,
    programs,
    simulate,
)
from mlc_ref.language import Text, TextError


def collatz(bounded):
    """Steps of each number to 1; on 0 the loop never ends."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "int32"), B: T.Buffer((64,), "int32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    x = T.sblock_alloc_buffer((1,), "int32", scope="local")
                    x[0] = A[vi]
                    B[vi] = 0
                    while x[0] != 1 and (not bounded or B[vi] < 200):
                        x[0] = T.if_then_else(x[0] % 2 == 0, x[0] // 2, x[0] * 3 + 1)
                        B[vi] = B[vi] + 1

    return Module


def test_an_endless_kernel_is_stopped():
    with pytest.raises(StepLimit, match=r"more than 2000 statements, stopped at statement: \w"):
        run(collatz(False), [np.arange(64, dtype="int32")], (64,), "int32", Options(step_limit=2000))
    assert run(collatz(True), [np.arange(64, dtype="int32")], (64,), "int32")[27] == 111


def test_too_much_memory_is_refused():
    with pytest.raises(StepLimit, match="a block needs"):
        run(programs.transpose_shared(64), [uniform(64, 64)], (64, 64), options=Options(memory_limit=1024))


def workspace(n):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            W = T.sblock_alloc_buffer((n,), "float32")
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("W"):
                    vi = T.axis.spatial(64, t)
                    W[vi * (n // 64)] = A[vi]
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[vi] = W[vi * (n // 64)]

    return Module


def test_a_huge_workspace_is_refused():
    a = uniform(64)
    np.testing.assert_array_equal(run(workspace(6400), [a], (64,)), a)
    with pytest.raises(StepLimit, match=r"function main: W needs \d+ bytes, at most 1073741824"):
        run(workspace(2**29), [a], (64,))


def nothing_many_times(blocks):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((1,), "float32"), B: T.Buffer((1,), "float32")):
            for y in T.thread_binding(blocks, "blockIdx.y"):
                for x in T.thread_binding(2**30, "blockIdx.x"):
                    with T.sblock("B"):
                        vy, vx = T.axis.remap("SS", [y, x])
                        if A[0] < T.float32(0):
                            B[0] = T.Cast("float32", vy + vx)

    return Module


def test_a_huge_grid_ends():
    with pytest.raises(StepLimit, match="more than 1000 statements"):
        run(nothing_many_times(60000), [uniform(1)], (1,), options=Options(step_limit=1000))
    with pytest.raises(Unsupported, match=r"grid of \(1073741824, 70000, 1\), at most"):
        run(nothing_many_times(70000), [uniform(1)], (1,))


def with_call(name):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[vi] = T.call_pure_extern("float32", name, A[vi])

    return Module


def test_an_unknown_call_is_named():
    with pytest.raises(Unsupported, match=r"__sinf.*statement: B\["):
        run(with_call("__sinf"), [uniform(64)], (64,))


def test_a_refusal_speaks_the_readers_language(monkeypatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(
        Unsupported, match=r"^内核 main_kernel：不支持对 call_pure_extern \S*__sinf\S* 的调用；语句：B\[\S+ = .*$"
    ):
        run(with_call("__sinf"), [uniform(64)], (64,))
    with pytest.raises(Unsupported, match=r"^内核 main_kernel：线程块 .* 有 2048 个线程，最多允许 1024 个$"):
        run(programs.vector_add(2048, threads=2048), [uniform(2048), uniform(2048)], (2048,))


@pytest.mark.parametrize("value", [0.5, 2**31, "1", [1], None])
def test_a_number_that_a_parameter_cannot_hold_is_refused(value):
    case = CASES["integer_scalar_wraps"]
    with pytest.raises(
        ValueError, match=re.escape(f"argument n: got {value!r}, the function takes one number of type int32")
    ):
        simulate(case.mod, [value, *case.inputs[1:]], case.outputs)


def with_float4():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float4_e2m1fn"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[vi] = T.Cast("float32", A[vi])

    return Module


def test_a_type_that_numpy_lacks_is_named():
    with pytest.raises(Unsupported, match="type float4_e2m1fn is not supported"):
        run(with_float4(), [uniform(64)], (64,))


def test_too_many_threads_are_refused():
    with pytest.raises(Unsupported, match="2048 threads, at most 1024"):
        run(programs.vector_add(2048, threads=2048), [uniform(2048), uniform(2048)], (2048,))


def threads_of(x, y, z):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for i in T.thread_binding(x, thread="threadIdx.x"):
                for j in T.thread_binding(y, thread="threadIdx.y"):
                    for k in T.thread_binding(z, thread="threadIdx.z"):
                        with T.sblock("B"):
                            vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                            B[(vi + vj + vk) % 64] = A[0]

    return Module


@pytest.mark.parametrize(
    ("threads", "message"),
    [
        ((0, 4, 4), r"blocks of \(0, 4, 4\) .* at least 1"),
        ((2**22, 2**21, 2**21), f"{2**64} threads, at most 1024"),  # 64 bits hold no more than 0 of it
    ],
)
def test_numbers_of_threads_that_no_block_has_are_refused(threads, message):
    with pytest.raises(Unsupported, match=message):
        run(threads_of(*threads), [uniform(64)], (64,))


@pytest.mark.parametrize(
    ("inputs", "output", "message"),
    [
        ([uniform(1024)], ((1024,), "float32"), "got 1, the function takes 2"),
        ([uniform(1024), uniform(1000)], ((1024,), "float32"), "argument B: got shape"),
        ([uniform(1024), uniform(32, 32)], ((1024,), "float32"), "argument B: got float32"),
        ([uniform(1024), uniform(1024)], ((1024,), "float16"), "argument C: got float16"),
    ],
)
def test_arguments_that_do_not_fit(inputs, output, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        simulate(programs.vector_add(), inputs, [output])


def test_an_unknown_entry_is_refused():
    with pytest.raises(ValueError, match="'start', the module has"):
        simulate(programs.vector_add(), [], [], entry="start")


def test_options_must_be_positive():
    with pytest.raises(ValueError, match="step_limit: got 0"):
        Options(step_limit=0)


RAISED = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception) and e is not TextError]
RACE = (Text("two stores", "两次写入"), Text("add a barrier", "加一个屏障"))
ERRORS = [kind(Text("too many steps", "步数太多")) for kind in RAISED] + [DataRace(*RACE)]


def test_every_error_is_a_simulation_error():
    kinds = (BarrierDivergence, DataRace, Misaligned, OutOfBounds, StepLimit, UninitializedRead, Unsupported)
    assert set(RAISED) == {SimulationError, *kinds}
    assert all(issubclass(kind, SimulationError) for kind in kinds)
    assert issubclass(SimulationError, TextError)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("sent", ERRORS, ids=lambda error: f"{type(error).__name__}-{len(error.args)}")
def test_an_error_comes_whole_out_of_another_process(monkeypatch, sent, language):
    """By ``pickle``, and by what hands on a class and its arguments alone; its message is in the reader's language."""
    monkeypatch.setenv("MLC_LANG", language)
    for received in (pickle.loads(pickle.dumps(sent)), type(sent)(*sent.args)):
        assert (type(received), vars(received), received.args) == (type(sent), vars(sent), sent.args)
        assert str(received) == sent.text.get(language)
