# Each weight bound by itself, in the order of the parameters; compiled by relax.
# earns: all
import os
import tempfile


def deploy(mod, weights, x):
    bound = mod
    for parameter in mod["classify"].params[1:]:
        value = tvm.runtime.tensor(weights[parameter.name].astype("float32"))
        bound = relax.transform.BindParams("classify", {parameter.name: value})(bound)
    with tempfile.TemporaryDirectory() as place:
        name = os.path.join(place, "lib.so")
        relax.build(bound, "llvm").export_library(name)
        library = tvm.runtime.load_module(name)
        run = relax.VirtualMachine(library, tvm.cpu())["classify"]
        scores = run(tvm.runtime.tensor(x)).numpy()
        with open(name, "rb") as stream:
            data = np.array(bytearray(stream.read()), dtype="uint8")
    return {"module": bound, "file": data, "scores": scores}
