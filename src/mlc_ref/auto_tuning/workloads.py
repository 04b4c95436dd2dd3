"""The programs the course tunes: matmuls, and the digits networks as fused modules."""

import tvm
from tvm import relax

from mlc_ref.end_to_end.models import cnn_module
from mlc_ref.kinds import refused, takes
from mlc_ref.schedules.programs import matmul

MATMULS = {
    "matmul_128": (128, 128, 128),
    "matmul_256": (256, 256, 256),
    "matmul_512": (512, 512, 512),
    "matmul_1024": (1024, 1024, 1024),
    "matmul_2048": (2048, 2048, 2048),
    "matmul_uneven": (1000, 600, 900),
}
MODELS = ("mlp", "cnn")
BATCHES = (1, 64)


def matmul_workload(name: str) -> tvm.IRModule:
    """A matmul by its name in ``MATMULS``.

    Raises:
        ValueError: no such name.
    """
    if name not in MATMULS:
        raise ValueError(refused("name", repr(name), ", ".join(MATMULS)))
    return matmul(*MATMULS[name])


def mlp_module(batch: int) -> tvm.IRModule:
    """The digits perceptron in Relax operators: ``main(x, w0, b0, w1, b1)``, images ``(batch, 64)`` to scores."""
    shapes = {"x": (batch, 64), "w0": (32, 64), "b0": (32,), "w1": (10, 32), "b1": (10,)}
    params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
    x, w0, b0, w1, b1 = params
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            hidden = builder.emit(relax.op.nn.relu(relax.op.linear(x, w0, b0)))
            scores = builder.emit_output(relax.op.linear(hidden, w1, b1))
        builder.emit_func_output(scores)
    return builder.finalize()


@takes("IRModule")
def fused(mod: tvm.IRModule) -> tvm.IRModule:
    """The module with operators lowered to TensorIR and neighbours fused: the functions that are tuned."""
    return relax.get_pipeline("zero")(mod)


def model_workload(name: str, batch: int) -> tvm.IRModule:
    """A digits network, fused, its weights parameters.

    Raises:
        ValueError: no such name.
    """
    if name not in MODELS:
        raise ValueError(refused("name", repr(name), ", ".join(MODELS)))
    return fused(mlp_module(batch) if name == "mlp" else cnn_module(batch))
