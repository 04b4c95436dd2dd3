# A function for each of the three steps.
# earns: all
import os
import tempfile


def bind(mod, weights):
    arrays = {}
    for name in ("scale", "w", "b"):
        arrays[name] = np.asarray(weights[name], "float32")
    return relax.transform.BindParams("classify", arrays)(mod)


def export(mod, path):
    tvm.compile(mod, "llvm").export_library(path)
    with open(path, "rb") as file:
        return np.frombuffer(file.read(), "uint8")


def run(path, x):
    library = tvm.runtime.load_module(path)
    return relax.VirtualMachine(library, tvm.cpu())["classify"](tvm.runtime.tensor(x)).numpy()


def deploy(mod, weights, x):
    bound = bind(mod, weights)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.so")
        data = export(bound, path)
        return {"module": bound, "file": data, "scores": run(path, x)}
