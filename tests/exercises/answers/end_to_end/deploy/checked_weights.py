# Weights bound by the chapter's function, the file written and read with pathlib.
# earns: all
import tempfile
from pathlib import Path

from mlc_ref.end_to_end.models import bind_weights


def deploy(mod, weights, x):
    single = {name: np.asarray(array, dtype=np.float32) for name, array in weights.items()}
    bound = bind_weights(mod, single, entry="classify")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "classifier.so"
        tvm.compile(bound, target="llvm").export_library(str(file))
        vm = relax.VirtualMachine(tvm.runtime.load_module(str(file)), tvm.cpu())
        content = np.frombuffer(file.read_bytes(), dtype=np.uint8)
    return dict(scores=vm["classify"](tvm.runtime.tensor(x)).numpy(), file=content, module=bound)
