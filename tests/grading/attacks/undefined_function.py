"""A module that calls a function it does not define: TVM would look for one of that name that a library registered."""
# expects: scale=0
# %% scale-answer
import json

import tvm
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T


@I.ir_module
class Whole:
    @T.prim_func(s_tir=True)
    def helper(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
        for i in T.serial(60):
            with T.sblock("B"):
                v = T.axis.spatial(60, i)
                B[v] = A[v] * T.float32(2)

    @R.function
    def main(x: R.Tensor((60,), "float32")):
        cls = Whole
        y = R.call_tir(cls.helper, (x,), R.Tensor((60,), "float32"))
        return y


graph = json.loads(tvm.ir.save_json(Whole))
nodes = graph["nodes"]


def name_of(index):
    node = nodes[index]
    return nodes[node["data"]["name_hint"]]["data"] if node["type"] == "ir.GlobalVar" else node["data"]


for field in ("functions", "global_var_map_"):
    pairs = nodes[nodes[graph["root_index"]]["data"][field]]
    old = pairs["data"]
    pairs["data"] = [i for pair in zip(old[::2], old[1::2]) if name_of(pair[0]) != "helper" for i in pair]
for node in nodes:
    if node["type"] == "ffi.String" and node["data"] == "helper":
        node["data"] = "vm.builtin.copy"
scale = tvm.ir.load_json(json.dumps(graph))
