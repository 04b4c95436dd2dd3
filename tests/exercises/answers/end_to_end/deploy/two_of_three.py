# The scale is not bound.
# loses: all
import tempfile


def deploy(mod, weights, x):
    arrays = {name: array.astype("float32") for name, array in weights.items() if name != "scale"}
    bound = relax.transform.BindParams("classify", arrays)(mod)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.so"
        tvm.compile(bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        scores = machine["classify"](tvm.runtime.tensor(x), tvm.runtime.tensor(weights["scale"].astype("float32"))).numpy()
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": scores}
