# The module is bound, and the one before exported.
# loses: file
import tempfile


def deploy(mod, weights, x):
    arrays = {name: array.astype("float32") for name, array in weights.items()}
    bound = relax.transform.BindParams("classify", arrays)(mod)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.so"
        tvm.compile(mod, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        scores = machine["classify"](*map(tvm.runtime.tensor, (x, arrays["scale"], arrays["w"], arrays["b"]))).numpy()
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": scores}
