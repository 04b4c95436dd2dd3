"""Something that is refused, for each place of ``mlc_ref.webgpu`` that refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tvm
from tvm import relax, tirx
from tvm.s_tir import Schedule
from tvm.script import tirx as T
from webgpu_programs import elementwise, extern_call, gather, library_model, scaled_int64, symbolic, three_axes, unbound
from webgpu_state_model import ROWS, remembering

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import matmul
from mlc_ref.webgpu import compile_kernels
from mlc_ref.webgpu.artefact import from_dict
from mlc_ref.webgpu.models import compile_model


def made(value: Callable[..., Any], dtype: str = "int32", result: str = "int32") -> tvm.IRModule:
    """``out[i] = value(a[i], table)`` for 64 elements."""

    @T.prim_func(s_tir=True)
    def main(a: T.Buffer((64,), dtype), table: T.Buffer((100,), result), out: T.Buffer((64,), result)):
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("step"):
                vi = T.axis.spatial(64, i)
                T.reads(a[vi], table[0:100])
                T.writes(out[vi])
                out[vi] = value(a[vi], table)

    return tvm.IRModule({"main": main})


def copied(kind: str) -> tvm.IRModule:
    """A copy of what WebGPU cannot bind: a number, a part of a buffer, rows with gaps between them."""

    @T.prim_func(s_tir=True)
    def scalar(x: T.float32, out: T.Buffer((64,), "float32")):
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("step"):
                vi = T.axis.spatial(64, i)
                out[vi] = x

    @T.prim_func(s_tir=True)
    def part(given: T.handle, out: T.Buffer((64,), "float32")):
        a = T.match_buffer(given, (64,), "float32", elem_offset=8)
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("step"):
                vi = T.axis.spatial(64, i)
                out[vi] = a[vi]

    @T.prim_func(s_tir=True)
    def gaps(given: T.handle, out: T.Buffer((64,), "float32")):
        a = T.match_buffer(given, (64, 2), "float32", strides=(4, 1))
        for i in T.thread_binding(64, "threadIdx.x"):
            with T.sblock("step"):
                vi = T.axis.spatial(64, i)
                out[vi] = a[vi, 1]

    return tvm.IRModule({"main": {"scalar": scalar, "part": part, "gaps": gaps}[kind]})


@T.prim_func(s_tir=True)
def renamed(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
    other = T.decl_buffer((200,), "float32", data=table.data)
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(64, i)
            T.reads(ids[vi])
            T.writes(out[vi])
            out[vi] = other[ids[vi]]


@T.prim_func(s_tir=True)
def empty(a: T.Buffer((64,), "float32")):
    T.evaluate(0)


@T.prim_func(s_tir=True)
def synchronised(a: T.Buffer((64,), "float32")):
    T.evaluate(T.tvm_storage_sync("shared"))


@T.prim_func(s_tir=True)
def dynamic(a: T.Buffer((64,), "float32"), out: T.Buffer((64,), "float32")):
    for i in T.thread_binding(64, "threadIdx.x"):
        with T.sblock("step"):
            vi = T.axis.spatial(64, i)
            kept = T.sblock_alloc_buffer((64,), "float32", scope="shared.dyn")
            kept[vi] = a[vi]
            out[vi] = kept[vi]


def deep() -> Schedule:
    """More shared memory than a block may have."""
    return matmul.shared_blocking(Schedule(programs.matmul(128, 128, 128)), matmul.Tiling(depth=64))


Step = Callable[[relax.BlockBuilder, Any], Any]


def network(*steps: Step, dtype: str = "int32") -> tvm.IRModule:
    """A Relax function that does one step after the other with its input ``ids``, each as a program for a GPU."""
    builder = relax.BlockBuilder()
    value = ids = relax.Var("ids", relax.TensorType((8,), dtype))
    with builder.function("main", [ids]):
        with builder.dataflow():
            for step in steps:
                value = builder.emit(step(builder, value))
            value = builder.emit_output(value)
        builder.emit_func_output(value)
    return builder.finalize()


def program(name: str, func: tirx.PrimFunc, *given: Any) -> Step:
    """A step that calls a program with what there is, or with ``given``."""
    return lambda builder, value: relax.call_tir(
        builder.add_func(func, name),
        given or (value,),
        relax.TensorType((8,), "int32"),
    )


def over(builder: relax.BlockBuilder, value: Any) -> Any:
    """A step that writes over what it is given."""
    return relax.op.call_tir_inplace(builder.add_func(set_to_3, "over"), (value,), [0], value.ty)


@T.prim_func(private=True, s_tir=True)
def set_to_3(x: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("write"):
            vi = T.axis.spatial(8, i)
            x[vi] = 3


@T.prim_func(private=True, s_tir=True)
def plus_1(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("plus"):
            vi = T.axis.spatial(8, i)
            y[vi] = T.min(T.max(x[vi], 0), 9) + 1


@T.prim_func(private=True, s_tir=True)
def under_another_name(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("plus"):
            vi = T.axis.spatial(8, i)
            part = T.match_buffer(y[vi : vi + 1], (1,), "int32", offset_factor=1)
            part[0] = x[vi]


@T.prim_func(private=True, s_tir=True)
def plus_n(x: T.Buffer((8,), "int32"), n: T.int64, y: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("plus"):
            vi = T.axis.spatial(8, i)
            y[vi] = x[vi] + T.Cast("int32", n)


@T.prim_func(private=True, s_tir=True)
def narrowed(x: T.Buffer((8,), "int64"), y: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("narrow"):
            vi = T.axis.spatial(8, i)
            y[vi] = T.Cast("int32", x[vi])


@T.prim_func(private=True, s_tir=True)
def look_up(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
    for i in T.thread_binding(8, "threadIdx.x"):
        with T.sblock("look"):
            vi = T.axis.spatial(8, i)
            T.reads(x[0:8])
            T.writes(y[vi])
            y[vi] = x[x[vi]]


def kernels(mod: Any, entry: str = "main", **ranges: Any) -> Callable[[], Any]:
    return lambda: compile_kernels(mod, "refused", entry=entry, ranges=ranges)


def model(mod: tvm.IRModule, **ranges: Any) -> Callable[[], Any]:
    return lambda: compile_model(mod, "refused", ranges=ranges)


def edited(**changes: Any) -> Callable[[], Any]:
    """An artefact that somebody changed."""
    return lambda: from_dict(compile_kernels(gather(), "gather").to_dict() | changes)


def remembered(last: int = ROWS - 1, **options: Any) -> Callable[[], Any]:
    """A model with a state."""
    usual = {"state": ("position", "cache"), "ranges": {"position": (0, ROWS - 1)}}
    return lambda: compile_model(remembering(last), "refused", **(usual | options))


def number(value: int, dtype: str = "int32") -> Any:
    return tirx.const(value, dtype)


def refused_programs() -> dict[str, Callable[[], Any]]:
    """Programs that are refused, for each place that refuses one."""
    return {
        "no such function": kernels(gather(), entry="other"),
        "scalar": kernels(copied("scalar")),
        "part": kernels(copied("part")),
        "gaps": kernels(copied("gaps")),
        "symbolic": kernels(symbolic()),
        "type": kernels(elementwise(64, "float64")),
        "call of C": kernels(extern_call()),
        "shift of constants": kernels(made(lambda a, _: tirx.LShift(number(1), number(40)) + a)),
        "loop outside": kernels(unbound()),
        "no kernel": kernels(tvm.IRModule({"main": empty})),
        "barrier outside": kernels(tvm.IRModule({"main": synchronised})),
        "shared memory of any size": kernels(tvm.IRModule({"main": dynamic})),
        "third axis": kernels(three_axes()),
        "feature": kernels(elementwise(64, "float16")),
        "shared memory": kernels(deep()),
        "8 bits in a register": kernels(
            made(lambda a, _: T.Cast("int32", T.Cast("int8", a) + T.int8(100) < T.int8(0)))
        ),
        "threads": kernels(elementwise(1024, "float32")),
        "no such parameter": kernels(gather(), table=(0, 1)),
        "no integers": kernels(elementwise(64, "float32"), A=(0, 1)),
        "range too wide": kernels(gather(), ids=(0, 2**31)),
        "no range": kernels(gather(), ids=(0.5, 1)),
        "index": kernels(gather(), ids=(0, 100)),
        "index of a float": kernels(made(lambda a, table: table[T.Cast("int32", a)], "float32", "float32")),
        "other name": kernels(tvm.IRModule({"main": renamed})),
        "int64": kernels(scaled_int64(1000)),
        "constant of int64": kernels(scaled_int64(5_000_000_000), A=(0, 0)),
        "shift": kernels(made(lambda a, _: T.shift_right(a, T.int8(40)), "int8", "int8")),
        "bits": kernels(made(lambda a, _: T.popcount(a), "int8", "int8")),
        "division of constants": kernels(
            made(
                lambda a, table: table[T.if_then_else(a < tirx.Div(number(1, "float32"), number(0, "float32")), 0, 1)],
                "float32",
            )
        ),
    }


def refused_artefacts() -> dict[str, Callable[[], Any]]:
    """Artefacts and models that are refused, for each place that refuses one."""
    return {
        "format": edited(format="another"),
        "storage": edited(storages=(0, 3200, 2048)),
        "weights": edited(weights="AAAA"),
        "features": edited(features=("another",)),
        "library": model(library_model()),
        "no tensor": model(network(lambda builder, ids: relax.op.shape_of(ids))),
        "an input as a result": model(network(lambda builder, ids: relax.Tuple([ids, ids]))),
        "state of an old file": lambda: from_dict(remembered()().to_dict() | {"version": 2}),
        "no such state": remembered(state=("rows",)),
        "state that nothing writes": remembered(state=("x", "position", "cache")),
        "state without zero": remembered(ranges={"position": (1, ROWS - 1)}),
        "state that leaves its range": remembered(last=ROWS),
        "no integers in a model": model(network(dtype="float32"), ids=(0, 1)),
        "writes over its input": model(network(over)),
        "numbers of places": model(network(program("plus_1", plus_1), program("look_up", look_up))),
        "numbers of places of unknown size": model(
            network(program("name", under_another_name), program("look_up", look_up))
        ),
        "constant too large": model(network(program("narrowed", narrowed, relax.const(np.full(8, 2**40), "int64")))),
        "number": model(network(program("plus_n", plus_n, relax.const(np.zeros(8, "int32")), relax.prim_value(3)))),
    }
