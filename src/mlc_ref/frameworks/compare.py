"""Both roads from PyTorch to Relax, compared with PyTorch itself on real inputs."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.frameworks.importer import Imported, import_program
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.warn import warn_reader

if TYPE_CHECKING:
    import torch

_REPAIRED = Text(
    "TVM's importer hands negative indices over as they are, and would read before the beginning of a tensor. "
    "Here they count from the end, as in PyTorch: {indices}",
    "TVM 的导入器原样传递负的下标，会读到张量开头之前。这里它们从末尾数起，与 PyTorch 一致：{indices}",
)
_REFUSED = Text(
    "{importer} refuses this network and is left out: {error}", "{importer} 不接受这个网络，结果中不包含它：{error}"
)


@takes("ExportedProgram")
def import_with_tvm(program: "torch.export.ExportedProgram") -> Imported:
    """The exported program through TVM's own importer, in the form of ``import_program``.

    TVM decomposes the program into core operators first, and keeps buffers, such as the statistics of a
    batch normalization, as constants. Its indices from the end, such as ``x[:, -1]``, are repaired here: TVM 0.27
    compiles them to reads before the beginning.

    Warns:
        UserWarning: an index of the network itself is negative.
    """
    from tvm.relax.frontend import detach_params
    from tvm.relax.frontend.torch import from_exported_program

    from mlc_ref.frameworks.negative_indices import repair_negative_indices

    imported = from_exported_program(program, keep_params_as_input=True, unwrap_unit_return_tuple=True)
    module, params = detach_params(imported)
    function = module["main"]
    inputs = int(function.attrs["num_input"])
    names = [var.name for var in function.params[inputs:]]
    arrays = [array.numpy() for array in params.get("main", [])]
    repaired, found = repair_negative_indices(module)
    if found:
        warn_reader(_REPAIRED.format(indices=", ".join(found)))
    return Imported(repaired, dict(zip(names, arrays, strict=True)))


@takes("Imported")
def run_imported(imported: Imported, *inputs: np.ndarray) -> np.ndarray:
    """Compile a network for the native CPU and run it on its inputs."""
    return run_graph(imported.module, *inputs, *imported.weights.values())


@takes("ExportedProgram")
def float64_result(program: "torch.export.ExportedProgram", *inputs: np.ndarray) -> np.ndarray:
    """What PyTorch computes for a network of one result in float64: the oracle of its imports.

    Integers and booleans, such as the indices of an embedding, stay what they are.
    """
    import torch

    network = in_double(program)
    tensors = [torch.tensor(x) for x in inputs]
    doubles = [x.double() if x.is_floating_point() else x for x in tensors]
    with torch.no_grad(), _default_dtype(torch.float64):
        return network(*doubles).numpy()


@takes("ExportedProgram")
def in_double(program: "torch.export.ExportedProgram") -> "torch.fx.GraphModule":
    """The exported network with every float32 a float64: weights, constants, and the dtypes its calls name.

    The first state of an LSTM, for example, is a call that makes float32 zeros.
    """
    import torch
    from torch.fx.node import map_aggregate

    network = copy.deepcopy(program.module()).double()
    for node in network.graph.nodes:
        value = getattr(network, node.target, None) if node.op == "get_attr" else None
        if isinstance(value, torch.Tensor) and value.dtype == torch.float32:
            setattr(network, node.target, value.double())
        node.args, node.kwargs = map_aggregate(
            (node.args, node.kwargs), lambda value: torch.float64 if value is torch.float32 else value
        )
    network.recompile()
    return network


@contextmanager
def _default_dtype(dtype: "torch.dtype") -> Iterator[None]:
    """The dtype that calls without one make."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@takes("ExportedProgram")
def largest_differences(program: "torch.export.ExportedProgram", *inputs: np.ndarray) -> dict[str, float]:
    """Largest absolute difference from PyTorch in float64, of the small importer and of TVM's.

    An importer that refuses the network is left out, with a warning that gives its reason.

    Returns:
        ``{"import_program": …, "import_with_tvm": …}``.
    """
    expected = float64_result(program, *inputs)
    differences = {}
    importers = {"import_program": import_program, "import_with_tvm": import_with_tvm}
    for name, importer in importers.items():
        try:
            imported = importer(program)
        except Exception as error:
            warn_reader(_REFUSED.format(importer=name, error=error))
            continue
        differences[name] = float(np.abs(run_imported(imported, *inputs) - expected).max())
    return differences
