# The parameters are those of Pipeline; the machine is given its inputs before it is invoked.
# earns: all
def made():
    bb = relax.BlockBuilder()
    mix, square = (bb.add_func(Pipeline[name], name) for name in ("mix", "square"))
    x, v, w, b = params = [relax.Var(old.name, old.ty) for old in Pipeline["main"].params]
    with bb.function("main", params):
        with bb.dataflow():
            value = bb.emit(relax.call_tir(mix, [x, v], relax.TensorType((5, 9), "float32")))
            value = bb.emit(relax.call_tir(square, [value], relax.TensorType((5, 9), "float32")))
            value = relax.call_dps_packed("lab.linear", [value, w, b], relax.TensorType((5, 6), "float32"))
            value = bb.emit_output(value)
        bb.emit_func_output(value)
    return bb.get()


def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    module = made()
    return module, run(module, (x, v, w, b))


def run(module, arrays):
    machine = relax.VirtualMachine(relax.build(module, target="llvm"), device=tvm.cpu(0))
    machine.set_input("main", *[tvm.runtime.tensor(array) for array in arrays])
    machine.invoke_stateful("main")
    return machine.get_outputs("main").numpy()
