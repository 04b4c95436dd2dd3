# A function of its own is registered, which passes everything on to the library.
# earns: all
def run_with_library(x, v, w, b, library):
    def linear(*tensors):
        library(*tensors)

    tvm.register_global_func("lab.linear", linear, override=True)
    bb = relax.BlockBuilder()
    names = {name: bb.add_func(Pipeline[name], name) for name in ("mix", "square")}
    kind = lambda *shape: relax.TensorType(shape, "float32")
    data, mixer = relax.Var("x", kind(5, 14)), relax.Var("v", kind(14, 9))
    weight, bias = relax.Var("w", kind(6, 9)), relax.Var("b", kind(6))
    with bb.function("main", [data, mixer, weight, bias]):
        with bb.dataflow():
            last = bb.emit(relax.call_tir(names["mix"], [data, mixer], kind(5, 9)), "mixed")
            last = bb.emit(relax.call_tir(names["square"], [last], kind(5, 9)), "squared")
            last = bb.emit(relax.call_dps_packed("lab.linear", [last, weight, bias], kind(5, 6)), "scores")
            last = bb.emit_output(last)
        bb.emit_func_output(last)
    module = bb.finalize()
    machine = relax.VirtualMachine(tvm.compile(module, "llvm"), tvm.cpu())
    return module, machine["main"](*(tvm.runtime.tensor(value) for value in (x, v, w, b))).numpy()
