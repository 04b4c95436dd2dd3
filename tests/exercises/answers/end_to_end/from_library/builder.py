# Assembled anew at every call with the builder, from the programs of Pipeline.
# earns: all
def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    bb = relax.BlockBuilder()
    mix = bb.add_func(Pipeline["mix"], "mix")
    square = bb.add_func(Pipeline["square"], "square")
    params = [relax.Var(name, relax.TensorType(array.shape, "float32")) for name, array in zip("xvwb", (x, v, w, b))]
    middle = relax.TensorType((5, 9), "float32")
    with bb.function("main", params):
        with bb.dataflow():
            mixed = bb.emit(relax.call_tir(mix, params[:2], middle))
            squared = bb.emit(relax.call_tir(square, [mixed], middle))
            last = relax.call_dps_packed("lab.linear", [squared, *params[2:]], relax.TensorType((5, 6), "float32"))
            scores = bb.emit_output(last)
        bb.emit_func_output(scores)
    mod = bb.finalize()
    vm = relax.VirtualMachine(tvm.compile(mod, target="llvm"), tvm.cpu())
    return [mod, vm["main"](*[tvm.runtime.tensor(array) for array in (x, v, w, b)]).numpy()]
