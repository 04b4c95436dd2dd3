"""Small PyTorch networks, and whether an imported program computes what PyTorch does."""

import numpy as np

from mlc_ref.frameworks.compare import float64_result, run_imported
from mlc_ref.frameworks.importer import import_program


def network(forward, **modules):
    """A PyTorch module whose ``forward(self, …)`` and submodules are given."""
    from torch import nn

    built = type("Network", (nn.Module,), {"forward": forward})()
    for name, module in modules.items():
        built.add_module(name, module)
    return built.eval()


def imported_matches(program, *inputs):
    expected = float64_result(program, *inputs)
    found = run_imported(import_program(program), *inputs)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-5)
