"""Hands out a module in which fifty thousand nodes refer to one array of fifty thousand elements."""
# expects: axis=2 double=4 scale=1
# %% axis-answer
kind = "reduction"
# %% scale-answer
import json

import tvm
from tvm import te

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

a = te.placeholder((60,), "float32", name="A")
scale = tvm.IRModule({"main": te.create_prim_func([a, te.compute((60,), lambda i: a[i] * 3.0, name="B")])})
nodes = json.loads(tvm.ir.save_json(scale))["nodes"]
root, number = nodes.pop(), next(index for index, node in enumerate(nodes) if node["type"] == "ir.IntImm")
nodes.append({"type": "tirx.Evaluate", "data": {"span": 0, "value": number}})
nodes.append({"type": "ffi.Array", "data": [len(nodes) - 1] * 50_000})
nodes += [{"type": "tirx.SeqStmt", "data": {"span": 0, "seq": len(nodes) - 1}}] * 50_000
text = json.dumps({"root_index": len(nodes), "nodes": [*nodes, root]})
exported = inside._exported
inside._exported = lambda item, answer: (
    {"kind": "module", "found": "IRModule", "module": ModuleText(text)} if item == "scale" else exported(item, answer)
)
# %% double-answer
def double(x):
    return 2 * x
