"""A module's JSON in which a node refers to itself, which makes the loader crash."""
# expects: scale=0
# %% scale-answer
import json

import mlc_course.grading.in_box.endpoint as inside
from mlc_course.grading.protocol.codec import ModuleText

nodes = [{"type": "None"}, {"type": "ffi.Array", "data": [1]},
         {"type": "ir.IRModule", "data": {"functions": 1, "global_var_map_": 1, "source_map": 0, "attrs": 0, "global_infos": 0}}]
text = json.dumps({"root_index": 2, "nodes": nodes, "metadata": {"tvm_version": "0.27.0.post1"}})
inside.export = lambda item, answer: inside.Parcel({"kind": "module", "found": "", "module": ModuleText(text)})
scale = 1
