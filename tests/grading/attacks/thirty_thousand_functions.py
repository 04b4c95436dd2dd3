"""Hands out a module of so many functions that looking each up among all takes minutes."""
# expects: axis=2 scale=0 double=4
# %% axis-answer
kind = "reduction"
# %% scale-answer
import json

import tvm
from tvm import te

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

a = te.placeholder((60,), "float32", name="A")
scale = tvm.IRModule({"main": te.create_prim_func([a, te.compute((60,), lambda i: a[i] * 2.0, name="B")])})
data = json.loads(tvm.ir.save_json(scale))
nodes = data["nodes"]
root = nodes.pop()
variable = next(node["data"] for node in nodes if node["type"] == "ir.GlobalVar")
function = next(index for index, node in enumerate(nodes) if node["type"] == "tirx.PrimFunc")
names, functions = [], []
for number in range(32_000):
    nodes.append({"type": "ffi.String", "data": f"f{number}"})
    nodes.append({"type": "ir.GlobalVar", "data": {**variable, "name_hint": len(nodes) - 1}})
    names += [len(nodes) - 2, len(nodes) - 1]
    functions += [len(nodes) - 1, 0]
nodes += [{"type": "ffi.Map", "data": functions}, {"type": "ffi.Map", "data": names}]
root["data"] |= {"functions": len(nodes) - 2, "global_var_map_": len(nodes) - 1}
nodes.append(root)
text = json.dumps({"root_index": len(nodes) - 1, "nodes": nodes})
exported = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "module", "found": "IRModule", "module": ModuleText(text)} if item == "scale" else exported(item, answer)
)
# %% double-answer
def double(x):
    return 2 * x
