"""Answers to the exercises on softmax and on the matmul of any shape, right and wrong, written in many ways."""

from tvm import te, tirx
from tvm.script import tirx as T

# Softmax in several blocks.


@T.prim_func(s_tir=True)
def softmax_by_logarithm(X: T.Buffer((5, 7), "float32"), Y: T.Buffer((5, 7), "float32")):
    m = T.sblock_alloc_buffer((5,), "float32")
    s = T.sblock_alloc_buffer((5, 1), "float32")
    for i in range(5):
        for k in range(7):
            with T.sblock("m"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    m[vi] = X[vi, 0]
                m[vi] = T.max(X[vi, vk], m[vi])
        for k in range(7):
            with T.sblock("s"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    s[vi, 0] = T.float32(0)
                s[vi, 0] += T.exp2((X[vi, vk] - m[vi]) * T.float32(1.4426950408889634))
        for j in range(7):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.exp(X[vi, vj] - m[vi] - T.log(s[vi, 0]))


def te_softmax(*, shift=True, divide=True, axis=1, stored=False):
    X = te.placeholder((5, 7), name="X")
    kept, length = (5, 7) if axis == 1 else (7, 5)
    at = (lambda i, k: X[i, k]) if axis == 1 else (lambda j, k: X[k, j])
    k, r = te.reduce_axis((0, length)), te.reduce_axis((0, length))
    m = te.compute((kept,), lambda i: te.max(at(i, k), axis=k), name="m")
    lift = (lambda v, i: te.exp(v - m[i])) if shift else (lambda v, i: te.exp(v) + m[i] * 1e-30)
    if stored:
        e = te.compute((5, 7), lambda i, j: lift(X[i, j], i), name="e")
        s = te.compute((kept,), lambda i: te.sum(e[i, r], axis=r), name="s")
        return te.create_prim_func([X, te.compute((5, 7), lambda i, j: e[i, j] / s[i], name="Y")])
    s = te.compute((kept,), lambda i: te.sum(lift(at(i, r), i), axis=r), name="s")
    row = (lambda i, j: i) if axis == 1 else (lambda i, j: j)
    divisor = (lambda i: s[i]) if divide else (lambda i: s[i] * 1e-30 + 1)
    return te.create_prim_func([X, te.compute((5, 7), lambda i, j: lift(X[i, j], row(i, j)) / divisor(row(i, j)))])


@T.prim_func(s_tir=True)
def softmax_two_blocks(X: T.Buffer((5, 7), "float32"), Y: T.Buffer((5, 7), "float32")):
    s = T.sblock_alloc_buffer((5,), "float32")
    for i, k in T.grid(5, 7):
        with T.sblock("s"):
            vi, vk = T.axis.remap("SR", [i, k])
            with T.init():
                s[vi] = T.float32(0)
            s[vi] = s[vi] + T.exp(X[vi, vk])
    for i, j in T.grid(5, 7):
        with T.sblock("Y"):
            vi, vj = T.axis.remap("SS", [i, j])
            Y[vi, vj] = T.exp(X[vi, vj]) / s[vi]


# Matmul of any shape.


def te_matmul(n, k, m, *, transposed=False, reducer=te.sum):
    A = te.placeholder((n, k), name="A")
    B = te.placeholder((m, k) if transposed else (k, m), name="B")
    r = te.reduce_axis((0, k))
    C = te.compute((n, m), lambda i, j: reducer(A[i, r] * (B[j, r] if transposed else B[r, j]), axis=r), name="C")
    return te.create_prim_func([A, B, C])


def sizes(dtype="int64"):
    return [te.var(name, dtype) for name in "nkm"]


@T.prim_func(s_tir=True)
def matmul_inner_row(p: T.handle, q: T.handle, o: T.handle):
    rows, inner, columns = T.int32(), T.int32(), T.int32()
    P = T.match_buffer(p, (rows, inner), "float32")
    Q = T.match_buffer(q, (inner, columns), "float32")
    O = T.match_buffer(o, (rows, columns), "float32")
    for r, i, c in T.grid(rows, inner, columns):
        with T.sblock("update"):
            vr, vi, vc = T.axis.remap("SRS", [r, i, c])
            with T.init():
                O[vr, vc] = T.float32(0)
            O[vr, vc] = O[vr, vc] + P[vr, vi] * Q[vi, vc]


from_one = te.comm_reducer(lambda a, b: a + b, lambda dtype: tirx.const(1, dtype), name="from_one")
