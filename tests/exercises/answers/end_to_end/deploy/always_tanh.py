# The scores by a formula: the one of the module that was printed.
# loses: scores
import tempfile


def deploy(mod, weights, x):
    arrays = {name: array.astype("float32") for name, array in weights.items()}
    bound = relax.transform.BindParams("classify", arrays)(mod)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.so"
        tvm.compile(bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        scores = np.tanh((x * arrays["scale"]) @ arrays["w"].T + arrays["b"])
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": scores}
