# Every step of the formula is a stage of topi, all but the product inlined.
# earns: all
from tvm import topi
from tvm.s_tir import Schedule


def matmul_bias_gelu(n, k, m):
    X = te.placeholder((n, k), "float32", name="X")
    W = te.placeholder((k, m), "float32", name="W")
    B = te.placeholder((m,), "float32", name="B")
    product = topi.matmul(X, W)
    s = topi.add(product, B)
    cube = topi.multiply(topi.multiply(s, s), s)
    inner = topi.multiply(topi.add(s, topi.multiply(cube, 0.044715)), (2 / 3.141592653589793) ** 0.5)
    Y = topi.multiply(topi.multiply(s, 0.5), topi.add(topi.tanh(inner), 1.0))
    sch = Schedule(te.create_prim_func([X, W, B, Y]))
    blocks = [sch.get(block).name_hint for block in sch.get_child_blocks(sch.get_sblock("root"))]
    for name in blocks[1:-1]:
        sch.compute_inline(name)
    return sch.mod
