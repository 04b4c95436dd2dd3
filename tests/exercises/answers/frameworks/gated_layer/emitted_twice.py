# emit_output of emit_te binds the last value twice.
# loses: structure
# says: emit_te` binds its result already
def mm(a, b):
    (n, length), (_, m) = a.shape, b.shape
    k = te.reduce_axis((0, length), name="k")
    return te.compute((n, m), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="mm")
def gate(p, q, b):
    return te.compute(p.shape, lambda i, j: (p[i, j] + b[j]) * tirx.sigmoid(q[i, j]), name="gate")
def P(n):
    return [relax.Var(a, relax.TensorType(s, "float32")) for a, s in dict(x=(n, 16), w=(16, 8), v=(16, 8), b=(8,)).items()]

x, w, v, b = params = P(tirx.Var("n", "int64"))
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        p = bb.emit_te(mm, x, w); q = bb.emit_te(mm, x, v)
        out = bb.emit_output(bb.emit_te(gate, p, q, b))
    bb.emit_func_output(out)
GatedLayer = bb.finalize()
