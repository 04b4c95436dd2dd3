# The call of project is found by a pattern and rewritten.
# earns: all
from tvm.relax.dpl import is_call_tir, rewrite_call, wildcard

parts = [wildcard(), wildcard(), wildcard()]


def to_library(call, found):
    return relax.call_dps_packed("lab.linear", [found[part] for part in parts], out_ty=call.ty)


main = rewrite_call(is_call_tir("project", parts), to_library, Pipeline["main"])
places = {name: Pipeline.get_global_var(name) for name in ("main", "mix", "square")}
Rewritten = tvm.IRModule({place: main if name == "main" else Pipeline[name] for name, place in places.items()})


def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    machine = relax.VirtualMachine(tvm.compile(Rewritten, "llvm"), tvm.cpu())
    return Rewritten, machine["main"](*map(tvm.runtime.tensor, (x, v, w, b))).numpy()
