# Binding and dead code elimination as passes in a row.
# earns: all
import tempfile
from contextlib import ExitStack


def deploy(mod, weights, x):
    arrays = dict(zip(weights, (np.ascontiguousarray(each, dtype="float32") for each in weights.values())))
    passes = [relax.transform.BindParams("classify", arrays), relax.transform.DeadCodeElimination(["classify"])]
    bound = tvm.transform.Sequential(passes)(mod)
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory()) + "/lib.so"
        with tvm.transform.PassContext(opt_level=3):
            built = relax.build(bound, target="llvm")
        built.export_library(name)
        again = relax.VirtualMachine(tvm.runtime.load_module(name), tvm.cpu())
        return {
            "scores": again["classify"](tvm.runtime.tensor(x)).numpy(),
            "file": np.fromfile(name, "uint8"),
            "module": bound,
        }
