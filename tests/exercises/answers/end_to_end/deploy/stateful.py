# Input set first, then invoked, then the output fetched.
# earns: all
import tempfile


def deploy(mod, weights, x):
    with tempfile.TemporaryDirectory() as folder:
        bound = relax.transform.BindParams("classify", {k: v.astype(np.float32) for k, v in weights.items()})(mod)
        executable = tvm.compile(bound, target="llvm")
        executable.export_library(folder + "/exported.so")
        machine = relax.VirtualMachine(tvm.runtime.load_module(folder + "/exported.so"), tvm.cpu())
        machine.set_input("classify", tvm.runtime.tensor(x))
        machine.invoke_stateful("classify")
        scores = machine.get_outputs("classify").numpy()
        file = np.fromfile(folder + "/exported.so", dtype=np.uint8)
    return {"module": bound, "file": file, "scores": scores}
