"""Answers to the exercises on tensor programs, right and wrong, written in many ways."""

import tvm
from tvm import te, tirx
from tvm.script import tirx as T

# Broadcast addition.


@T.prim_func(s_tir=True)
def add_fused_loop(
    P: T.Buffer((3, 1, 4), "float32"), Q: T.Buffer((5, 1), "float32"), R: T.Buffer((3, 5, 4), "float32")
):
    for f in range(60):
        with T.sblock("anything"):
            k = T.axis.spatial(4, f % 4)
            j = T.axis.spatial(5, f // 4 % 5)
            i = T.axis.spatial(3, f // 20)
            R[i, j, k] = Q[j, 0] + P[i, 0, k]


@T.prim_func(s_tir=True)
def add_copied_first(
    A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")
):
    wide = T.sblock_alloc_buffer((3, 5, 4), "float32")
    for k, i, j in T.grid(4, 3, 5):
        with T.sblock("wide"):
            vk, vi, vj = T.axis.remap("SSS", [k, i, j])
            wide[vi, vj, vk] = A[vi, 0, vk]
    for i, j, k in T.grid(3, 5, 4):
        with T.sblock("C"):
            vi, vj, vk = T.axis.remap("SSS", [i, j, k])
            C[vi, vj, vk] = wide[vi, vj, vk] + B[vj, 0]


@T.prim_func(s_tir=True)
def add_last_row_missing(
    A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")
):
    for i, j, k in T.grid(3, 4, 4):
        with T.sblock("C"):
            vi = T.axis.spatial(3, i)
            vj = T.axis.spatial(5, j)
            vk = T.axis.spatial(4, k)
            C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]


@T.prim_func(s_tir=True)
def add_by_library(
    A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")
):
    for i, j, k in T.grid(3, 5, 4):
        with T.sblock("C"):
            vi, vj, vk = T.axis.remap("SSS", [i, j, k])
            C[vi, vj, vk] = A[vi, 0, vk] + T.call_extern("float32", "fabsf", B[vj, 0])


@T.prim_func(s_tir=True)
def add_padded_loop(a: T.handle, b: T.handle, c: T.handle):
    A = T.match_buffer(a, (3, 1, 4))
    B = T.match_buffer(b, (5, 1))
    C = T.match_buffer(c, (3, 5, 4))
    for i in range(3):
        with T.sblock("image"):
            vi = T.axis.spatial(3, i)
            for j0, j1, k in T.grid(2, 3, 4):
                with T.sblock("element"):
                    T.where(j0 * 3 + j1 < 5)
                    vj = T.axis.spatial(5, j0 * 3 + j1)
                    vk = T.axis.spatial(4, k)
                    C[vi, vj, vk] = B[vj, 0] - (-A[vi, 0, vk])


@T.prim_func(s_tir=True)
def add_without_blocks(A: T.Buffer((3, 1, 4)), B: T.Buffer((5, 1)), C: T.Buffer((3, 5, 4))):
    for i, j, k in T.grid(3, 5, 4):
        C[i, j, k] = A[i, 0, k] + B[j, 0]


@T.prim_func(s_tir=True)
def add_into_input(A: T.Buffer((3, 1, 4)), B: T.Buffer((5, 1)), C: T.Buffer((3, 5, 4))):
    for i, k in T.grid(3, 4):
        with T.sblock("A"):
            vi, vk = T.axis.remap("SS", [i, k])
            A[vi, 0, vk] = A[vi, 0, vk] + B[0, 0]
    for i, j, k in T.grid(3, 5, 4):
        with T.sblock("C"):
            vi, vj, vk = T.axis.remap("SSS", [i, j, k])
            C[vi, vj, vk] = A[vi, 0, vk] - B[0, 0] + B[vj, 0]


@T.prim_func(s_tir=True)
def add_in_float64(
    A: T.Buffer((3, 1, 4), "float64"), B: T.Buffer((5, 1), "float64"), C: T.Buffer((3, 5, 4), "float64")
):
    for i, j, k in T.grid(3, 5, 4):
        with T.sblock("C"):
            vi, vj, vk = T.axis.remap("SSS", [i, j, k])
            C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]


def te_broadcast(combine, *, swapped=False):
    A, B = te.placeholder((3, 1, 4), name="A"), te.placeholder((5, 1), name="B")
    C = te.compute((3, 5, 4), lambda i, j, k: combine(A[i, 0, k], B[j, 0]), name="C")
    return te.create_prim_func([B, A, C] if swapped else [A, B, C])


# Repair the axes.


@T.prim_func(s_tir=True)
def sum_in_one_block(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
    for k, i in T.grid(7, 5):
        with T.sblock("y"):
            vk, vi = T.axis.remap("RS", [k, i])
            with T.init():
                y[vi] = T.float32(0)
            y[vi] += A[vi, vk] * w[vk]


@T.prim_func(s_tir=True)
def sum_with_init_block(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
    for i in range(5):
        with T.sblock("start"):
            vi = T.axis.spatial(5, i)
            y[vi] = T.float32(0)
        for k in range(7):
            with T.sblock("update"):
                vi, vk = T.axis.remap("SR", [i, k])
                y[vi] = y[vi] + A[vi, vk] * w[vk]


@T.prim_func(s_tir=True)
def sum_kinds_repaired_only(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
    for i, k in T.grid(5, 6):
        with T.sblock("y"):
            vi = T.axis.spatial(5, i)
            vk = T.axis.reduce(7, k)
            with T.init():
                y[vi] = T.float32(0)
            y[vi] = y[vi] + A[vi, vk] * w[vk]


@T.prim_func(s_tir=True)
def sum_domains_repaired_only(
    A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")
):
    for i, k in T.grid(5, 7):
        with T.sblock("y"):
            vi, vk = T.axis.remap("RS", [i, k])
            with T.init():
                y[vi] = T.float32(0)
            y[vi] = y[vi] + A[vi, vk] * w[vk]


@T.prim_func(s_tir=True)
def sum_guarded(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
    for i, k in T.grid(5, 7):
        with T.sblock("y"):
            vi, vk = T.axis.remap("SS", [i, k])
            if vk == 0:
                y[vi] = T.float32(0)
            y[vi] = y[vi] + A[vi, vk] * w[vk]


# Convolution with stride.


def te_conv(index, *, channels=3):
    X, W = te.placeholder((2, 3, 9, 8), name="X"), te.placeholder((4, 3, 3, 2), name="W")
    c, h, w = (te.reduce_axis((0, extent)) for extent in (channels, 3, 2))
    product = lambda n, o, y, x: X(n, c, *index(y, x, h, w)) * W[o, c, h, w]  # noqa: E731
    return te.create_prim_func([X, W, te.compute((2, 4, 4, 4), lambda *i: te.sum(product(*i), axis=[c, h, w]))])


def strided(y, x, h, w):
    return y * 2 + h, x * 2 + w


def conv_decomposed():
    sch = tvm.s_tir.Schedule(te_conv(strided))
    block = sch.get_child_blocks(sch.get_sblock("root"))[0]
    sch.decompose_reduction(block, sch.get_loops(block)[4])
    return sch.mod


@T.prim_func(s_tir=True)
def conv_gathered(
    X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
):
    windows = T.sblock_alloc_buffer((2, 4, 4, 18), "float32")
    for n, y, x, r in T.grid(2, 4, 4, 18):
        with T.sblock("gather"):
            vn, vy, vx, vr = T.axis.remap("SSSS", [n, y, x, r])
            windows[vn, vy, vx, vr] = X[vn, vr // 6, vy * 2 + vr // 2 % 3, vx * 2 + vr % 2]
    for n, o, y, x, r in T.grid(2, 4, 4, 4, 18):
        with T.sblock("matmul"):
            vn, vo, vy, vx, vr = T.axis.remap("SSSSR", [n, o, y, x, r])
            with T.init():
                Y[vn, vo, vy, vx] = T.float32(0)
            Y[vn, vo, vy, vx] += windows[vn, vy, vx, vr] * W[vo, vr // 6, vr // 2 % 3, vr % 2]


@T.prim_func(s_tir=True)
def conv_without_start(
    X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
):
    for n, o, y, x, c, h, w in T.grid(2, 4, 4, 4, 3, 3, 2):
        with T.sblock("Y"):
            vn, vo, vy, vx, vc, vh, vw = T.axis.remap("SSSSRRR", [n, o, y, x, c, h, w])
            Y[vn, vo, vy, vx] = Y[vn, vo, vy, vx] + X[vn, vc, vy * 2 + vh, vx * 2 + vw] * W[vo, vc, vh, vw]


# Max pooling.


def te_pool(reducer, *, window=3):
    X = te.placeholder((2, 3, 7, 8), name="X")
    h, w = te.reduce_axis((0, window)), te.reduce_axis((0, window))
    Y = te.compute((2, 3, 3, 3), lambda n, c, y, x: reducer(X[n, c, y * 2 + h, x * 2 + w], axis=[h, w]), name="Y")
    return te.create_prim_func([X, Y])


def max_from(start):
    return te.comm_reducer(lambda a, b: tirx.max(a, b), lambda dtype: tirx.const(start, dtype), name="maximum")


@T.prim_func(s_tir=True)
def pool_rows_then_columns(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
    tall = T.sblock_alloc_buffer((2, 3, 3, 8), "float32")
    for n, c, y, x, h in T.grid(2, 3, 3, 8, 3):
        with T.sblock("tall"):
            vn, vc, vy, vx, vh = T.axis.remap("SSSSR", [n, c, y, x, h])
            with T.init():
                tall[vn, vc, vy, vx] = T.float32(float("-inf"))
            tall[vn, vc, vy, vx] = T.max(tall[vn, vc, vy, vx], X[vn, vc, vy * 2 + vh, vx])
    for n, c, y, x, w in T.grid(2, 3, 3, 3, 3):
        with T.sblock("Y"):
            vn, vc, vy, vx, vw = T.axis.remap("SSSSR", [n, c, y, x, w])
            with T.init():
                Y[vn, vc, vy, vx] = tall[vn, vc, vy, vx * 2]
            Y[vn, vc, vy, vx] = T.max(Y[vn, vc, vy, vx], tall[vn, vc, vy, vx * 2 + vw])


@T.prim_func(s_tir=True)
def pool_flat_window(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
    for f, n, c, y, x in T.grid(9, 2, 3, 3, 3):
        with T.sblock("Y"):
            vf, vn, vc, vy, vx = T.axis.remap("RSSSS", [f, n, c, y, x])
            with T.init():
                Y[vn, vc, vy, vx] = T.min_value("float32")
            if X[vn, vc, vy * 2 + vf // 3, vx * 2 + vf % 3] > Y[vn, vc, vy, vx]:
                Y[vn, vc, vy, vx] = X[vn, vc, vy * 2 + vf // 3, vx * 2 + vf % 3]
