# The sum of half the terms only: half the cost.
# loses: cost,numbers
from tvm.script import tirx as T


def layer_space(sch):
    i, j, k = sch.get_loops("matmul")
    i0, i1 = sch.split(i, sch.sample_perfect_tile(i, n=2, max_innermost_factor=12))
    j0, j1 = sch.split(j, sch.sample_perfect_tile(j, n=2, max_innermost_factor=20))
    sch.reorder(i0, j0, k, i1, j1)
    sch.parallel(i0)
    sch.unroll(i1)
    sch.vectorize(j1)


model = exercise_inputs.scoring_model()
layer = model.get_global_var("fused_matmul_add_relu")


@T.prim_func(s_tir=True)
def half(X: T.Buffer((48, 60), "float32"), W: T.Buffer((60, 40), "float32"), B: T.Buffer((40,), "float32"), Y: T.Buffer((48, 40), "float32")):
    Z = T.sblock_alloc_buffer((48, 40), "float32")
    for i, j, k in T.grid(48, 40, 30):
        with T.sblock("matmul"):
            vi, vj, vk = T.axis.remap("SSR", [i, j, k])
            with T.init():
                Z[vi, vj] = T.float32(0)
            Z[vi, vj] += X[vi, vk] * W[vk, vj]
    for i, j in T.grid(48, 40):
        with T.sblock("relu"):
            vi, vj = T.axis.remap("SS", [i, j])
            Y[vi, vj] = T.max(Z[vi, vj] + B[vj], T.float32(0))


alone = tvm.IRModule({"main": half})
winner = search.best(search.random_search(alone, layer_space, simulated.SimulatedCpu(), 30))
tuned = tvm.IRModule(dict(model.functions_items()))
tuned[layer] = winner.schedule.mod["main"].without_attr("global_symbol").with_attr("tirx.is_scheduled", True)
