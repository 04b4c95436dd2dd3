# Nothing is bound: the weights are handed over at every call.
# loses: bound,file
import tempfile


def deploy(mod, weights, x):
    arrays = {name: array.astype("float32") for name, array in weights.items()}
    bound = mod
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.so"
        tvm.compile(bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        scores = machine["classify"](*map(tvm.runtime.tensor, (x, arrays["scale"], arrays["w"], arrays["b"]))).numpy()
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": scores}
