# The parameters are replaced by constants in the function itself, with bind_params of the function.
# earns: all
import tempfile


def deploy(mod, weights, x):
    constants = {}
    for parameter in mod["classify"].params:
        if parameter.name in weights:
            constants[parameter] = relax.const(weights[parameter.name].astype(str(parameter.ty.dtype)))
    bound = mod.clone() if hasattr(mod, "clone") else tvm.IRModule(dict(mod.functions_items()))
    bound["classify"] = mod["classify"].bind_params(constants)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/classify.so"
        tvm.compile(bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": machine["classify"](tvm.runtime.tensor(x)).numpy()}
