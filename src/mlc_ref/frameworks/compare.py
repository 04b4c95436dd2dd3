"""Both roads from PyTorch to Relax, compared with PyTorch itself on real inputs."""

import warnings
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.frameworks.importer import Imported, import_program

if TYPE_CHECKING:
    import torch


def import_with_tvm(program: "torch.export.ExportedProgram") -> Imported:
    """The exported program through TVM's own importer, in the form of ``import_program``.

    TVM decomposes the program into core operators first, and keeps buffers, such as the statistics of a
    batch normalization, as constants.
    """
    from tvm.relax.frontend import detach_params
    from tvm.relax.frontend.torch import from_exported_program

    with warnings.catch_warnings():
        # PyTorch warns of its own use of a deprecated check while it copies a program.
        warnings.simplefilter("ignore", FutureWarning)
        imported = from_exported_program(program, keep_params_as_input=True, unwrap_unit_return_tuple=True)
    module, params = detach_params(imported)
    function = module["main"]
    inputs = int(function.attrs["num_input"])
    names = [var.name for var in function.params[inputs:]]
    arrays = [array.numpy() for array in params.get("main", [])]
    return Imported(module, dict(zip(names, arrays, strict=True)))


def run_imported(imported: Imported, *inputs: np.ndarray) -> np.ndarray:
    """Compile a network for the native CPU and run it on float32 inputs."""
    return run_graph(imported.module, *inputs, *imported.weights.values())


def float64_result(program: "torch.export.ExportedProgram", *inputs: np.ndarray) -> np.ndarray:
    """What PyTorch computes for a network of one result in float64: the oracle of its imports."""
    import torch

    network = program.module()
    weights = {name: value.double() for name, value in network.state_dict().items() if value.is_floating_point()}
    doubles = tuple(torch.tensor(x, dtype=torch.float64) for x in inputs)
    with torch.no_grad():
        return torch.func.functional_call(network, weights, doubles).numpy()


def largest_differences(program: "torch.export.ExportedProgram", *inputs: np.ndarray) -> dict[str, float]:
    """Largest absolute difference from PyTorch in float64, of the small importer and of TVM's.

    Returns:
        ``{"import_program": …, "import_with_tvm": …}``.
    """
    expected = float64_result(program, *inputs)
    results = {"import_program": import_program(program), "import_with_tvm": import_with_tvm(program)}
    return {name: float(np.abs(run_imported(one, *inputs) - expected).max()) for name, one in results.items()}
