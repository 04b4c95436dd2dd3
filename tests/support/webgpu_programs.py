"""Programs that become artefacts, and some that cannot."""

import numpy as np
import tvm
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T


def elementwise(n: int, dtype: str) -> tvm.IRModule:
    """``B[i] = A[i]``, one element a thread."""

    @I.ir_module
    class Elementwise:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), dtype), B: T.Buffer((n,), dtype)):
            for i in T.thread_binding(n, "threadIdx.x"):
                with T.sblock("copy"):
                    vi = T.axis.spatial(n, i)
                    B[vi] = A[vi]

    return Elementwise


def unbound() -> tvm.IRModule:
    """A loop that no thread runs."""

    @I.ir_module
    class Unbound:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for i in range(64):
                with T.sblock("copy"):
                    vi = T.axis.spatial(64, i)
                    B[vi] = A[vi]

    return Unbound


def extern_call() -> tvm.IRModule:
    """A thread that calls C."""

    @I.ir_module
    class Extern:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("sine"):
                    vi = T.axis.spatial(64, i)
                    B[vi] = T.call_extern("float32", "sinf", A[vi])

    return Extern


def symbolic() -> tvm.IRModule:
    """A length known only when it runs."""

    @I.ir_module
    class Symbolic:
        @T.prim_func(s_tir=True)
        def main(a: T.handle, b: T.handle):
            n = T.int64()
            A = T.match_buffer(a, (n,), "float32")
            B = T.match_buffer(b, (n,), "float32")
            for i in T.thread_binding(n, "blockIdx.x"):
                with T.sblock("copy"):
                    vi = T.axis.spatial(n, i)
                    B[vi] = A[vi]

    return Symbolic


def three_axes() -> tvm.IRModule:
    """A grid with a third axis, which TVM's WGSL keeps for long first ones."""
    sch = Schedule(elementwise_3d())
    for loop, axis in zip(sch.get_loops("copy"), ("blockIdx.z", "blockIdx.y", "blockIdx.x"), strict=True):
        sch.bind(loop, axis)
    return sch.mod


def elementwise_3d() -> tvm.IRModule:
    @I.ir_module
    class Elementwise:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((2, 3, 4), "float32"), B: T.Buffer((2, 3, 4), "float32")):
            for i, j, k in T.grid(2, 3, 4):
                with T.sblock("copy"):
                    vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                    B[vi, vj, vk] = A[vi, vj, vk]

    return Elementwise


def race() -> tvm.IRModule:
    """Two blocks that write one element."""

    @I.ir_module
    class Race:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((32,), "float32")):
            for i in T.thread_binding(64, "blockIdx.x"):
                with T.sblock("copy"):
                    vi = T.axis.opaque(64, i)
                    T.reads(A[vi])
                    T.writes(B[vi // 2])
                    B[vi // 2] = A[vi]

    return Race


def library_model() -> tvm.IRModule:
    """A graph that calls a function of a library."""
    from tvm import relax

    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType((4, 4), "float32"))
    with builder.function("main", [x]):
        builder.emit_func_output(
            builder.emit(relax.call_dps_packed("library.relu", (x,), out_ty=relax.TensorType((4, 4), "float32")))
        )
    return builder.finalize()


def gather(dtype: str = "int32", rows: int = 100) -> tvm.IRModule:
    """``out[i, j] = table[ids[i], j]``: 64 rows of 8 numbers, looked up by number."""

    @I.ir_module
    class Gather:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), dtype), table: T.Buffer((rows, 8), "float32"), out: T.Buffer((64, 8), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                for j in range(8):
                    with T.sblock("gather"):
                        vi, vj = T.axis.remap("SS", [i, j])
                        out[vi, vj] = table[ids[vi], vj]

    return Gather


def masked_bytes() -> tvm.IRModule:
    """Bytes under a mask, and their sums with 100, which leave the range of int8."""

    @I.ir_module
    class MaskedBytes:
        @T.prim_func(s_tir=True)
        def main(
            mask: T.Buffer((64,), "bool"),
            given: T.Buffer((64,), "int8"),
            kept: T.Buffer((64,), "float32"),
            sums: T.Buffer((64,), "int8"),
            negative: T.Buffer((64,), "bool"),
        ):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("kept"):
                    vi = T.axis.spatial(64, i)
                    kept[vi] = T.if_then_else(mask[vi], T.Cast("float32", given[vi]), T.float32(0))
                with T.sblock("sums"):
                    vi = T.axis.spatial(64, i)
                    sums[vi] = given[vi] + T.int8(100)
                with T.sblock("negative"):
                    vi = T.axis.spatial(64, i)
                    negative[vi] = sums[vi] < T.int8(0)

    return MaskedBytes


def looked_up(index: str) -> tvm.IRModule:
    """``out[i] = table[…]`` for 100 numbers; ``index`` says how the place follows from ``ids[i]``."""
    places = {
        "negative": lambda v: T.if_then_else(v < 0, v + 100, v),
        "clipped": lambda v: T.max(T.min(v, 99), 0),
        "remainder": lambda v: T.floormod(v, 100),
        "squared": lambda v: v * v,
        "doubled": lambda v: 2 * v + 1,
        "overflowing": lambda v: T.min(v * v, 99),  # a product that does not fit may be negative
    }
    place = places[index]

    @I.ir_module
    class LookedUp:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("look"):
                    vi = T.axis.spatial(64, i)
                    out[vi] = table[place(ids[vi])]

    return LookedUp


BYTE_STEPS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "least": lambda a, b: T.min(a, b),
    "quotient": lambda a, b: T.floordiv(a, T.max(b, T.Cast(b.ty.dtype, 3))),
    "remainder": lambda a, b: T.floormod(a, T.max(b, T.Cast(b.ty.dtype, 3))),
    "bits": lambda a, b: T.bitwise_xor(T.bitwise_and(a, b), T.bitwise_or(a, T.Cast(b.ty.dtype, 5))),
    "shifted": lambda a, b: T.shift_left(a, T.Cast(a.ty.dtype, 3)) + T.shift_right(b, T.Cast(a.ty.dtype, 2)),
    "chosen": lambda a, b: T.Select(a < b, a, b * b),
    "narrowed": lambda a, b: T.Cast(a.ty.dtype, T.Cast("int32", a) * 1000 + T.Cast("int32", b)),
    "of a float": lambda a, b: T.Cast(a.ty.dtype, T.max(T.Cast("float32", a) * T.float32(0.5), T.float32(0))),
    "wider": lambda a, b: T.Cast(a.ty.dtype, T.Cast("int32", a + b) * 2 > T.Cast("int32", b)),
}


def byte_step(name: str, dtype: str, lanes: int = 1) -> tvm.IRModule:
    """``out[i] = step(a[i], b[i])`` of ``BYTE_STEPS`` for 1024 elements of 8 bits."""
    step = BYTE_STEPS[name]

    @I.ir_module
    class ByteStep:
        @T.prim_func(s_tir=True)
        def main(a: T.Buffer((1024,), dtype), b: T.Buffer((1024,), dtype), out: T.Buffer((1024,), dtype)):
            for i, j in T.grid(1024 // lanes, lanes):
                with T.sblock("step"):
                    vi = T.axis.spatial(1024, i * lanes + j)
                    out[vi] = step(a[vi], b[vi])

    sch = Schedule(ByteStep)
    i, j = sch.get_loops("step")
    block, thread = sch.split(i, [None, 64])
    sch.bind(block, "blockIdx.x")
    sch.bind(thread, "threadIdx.x")
    if lanes > 1:
        sch.vectorize(j)
    return sch.mod


def scaled_int64(factor: int) -> tvm.IRModule:
    """``B[i] = A[i] * factor - i`` in int64."""

    @I.ir_module
    class Scaled:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "int64"), B: T.Buffer((64,), "int64")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("scale"):
                    vi = T.axis.spatial(64, i)
                    B[vi] = A[vi] * T.int64(factor) - T.Cast("int64", vi)

    return Scaled


def masked_model() -> tvm.IRModule:
    """A model whose programs pass bools and bytes on: where 100 x is positive, its bytes, and elsewhere those of a constant."""
    from tvm import relax
    from tvm.s_tir import dlight

    from mlc_ref.webgpu import webgpu_target

    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType((64,), "float32"))
    with builder.function("main", [x]):
        with builder.dataflow():
            scaled = builder.emit(relax.op.multiply(x, relax.const(100.0)))
            mask = builder.emit(relax.op.greater(scaled, relax.const(0.0)))
            given = builder.emit(relax.op.astype(scaled, "int8"))
            chosen = builder.emit(relax.op.where(mask, given, relax.const(np.arange(-64, 0, dtype="int8"))))
            out = builder.emit_output(relax.op.astype(chosen, "float32"))
        builder.emit_func_output(out)
    with webgpu_target():
        return dlight.ApplyDefaultSchedule(dlight.gpu.Fallback())(relax.transform.LegalizeOps()(builder.finalize()))
