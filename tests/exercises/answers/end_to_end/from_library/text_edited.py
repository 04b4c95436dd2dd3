# The text of Pipeline with one call replaced, parsed again.
# earns: all
import re

text = re.sub(r"R\.call_tir\(cls\.project", 'R.call_dps_packed("lab.linear"', Pipeline.script())
before, rest = re.split(r"(?=    @T\.prim_func\(s_tir=True\)\n    def project)", text)
text = before + re.split(r"(?=    @(?:T\.prim_func\(s_tir=True\)\n    def (?!project)|R\.function))", rest, maxsplit=1)[-1]
Edited = tvm.script.from_source(text)


def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    machine = relax.VirtualMachine(tvm.compile(Edited, "llvm"), tvm.cpu())
    return Edited, machine["main"](*(tvm.runtime.tensor(each) for each in (x, v, w, b))).numpy()
