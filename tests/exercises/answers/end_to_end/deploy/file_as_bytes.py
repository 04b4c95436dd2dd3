# The file as a bytes object.
# loses: all
import tempfile


def deploy(mod, weights, x):
    arrays = {name: array.astype("float32") for name, array in weights.items()}
    bound = relax.transform.BindParams("classify", arrays)(mod)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.so"
        tvm.compile(bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        scores = machine["classify"](tvm.runtime.tensor(x)).numpy()
        return {"module": bound, "file": open(path, "rb").read(), "scores": scores}
