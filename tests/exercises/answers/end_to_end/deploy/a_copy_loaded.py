# The bytes read are written to a second file, and that is the one which is loaded.
# earns: all
import tempfile
from pathlib import Path

from mlc_ref.end_to_end.models import bind_weights


def deploy(mod, weights, x):
    bound = bind_weights(mod, {name: array.astype("float32") for name, array in weights.items()}, entry="classify")
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
        source, copy = Path(here) / "model.so", Path(there) / "copy.so"
        tvm.compile(bound, "llvm").export_library(str(source))
        copy.write_bytes(source.read_bytes())
        run = relax.VirtualMachine(tvm.runtime.load_module(str(copy)), tvm.cpu())["classify"]
        scores = np.from_dlpack(run(tvm.runtime.tensor(x))).copy()
        return dict(module=bound, file=np.fromfile(copy, np.uint8), scores=scores)
