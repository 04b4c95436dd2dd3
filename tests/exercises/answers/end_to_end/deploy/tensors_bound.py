# Weights bound as tensors of TVM; the file read as a memory map.
# earns: all
import tempfile
from pathlib import Path


def deploy(mod, weights, x):
    tensors = {name: tvm.runtime.tensor(np.float32(array)) for name, array in weights.items()}
    bound = relax.transform.BindParams("classify", tensors)(mod)
    with tempfile.TemporaryDirectory(prefix="deploy") as folder:
        path = str(Path(folder, "scorer.so"))
        tvm.compile(bound, tvm.target.Target("llvm")).export_library(path)
        scores = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())["classify"](tvm.runtime.tensor(x))
        return {"module": bound, "file": np.array(np.memmap(path, "uint8", "r")), "scores": scores.numpy()}
