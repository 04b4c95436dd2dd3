"""Each operation that the importer knows computes what it computes in PyTorch, with its options."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from imported import imported_matches, network

from mlc_ref.end_to_end.graph import callees
from mlc_ref.frameworks.importer import import_program
from mlc_ref.frameworks.networks import export_network


def test_linear_without_bias_is_a_product():
    from torch import nn

    program = export_network(nn.Linear(5, 3, bias=False), (2, 5))
    assert callees(import_program(program).module) == ["relax.permute_dims", "relax.matmul"]
    imported_matches(program, np.random.default_rng(1).standard_normal((2, 5)).astype("float32"))


@pytest.mark.parametrize(
    "options",
    [
        {"stride": 2},
        {"padding": (1, 2)},
        {"dilation": 2},
        {"groups": 2, "bias": False},
        {"stride": (2, 1), "padding": 1, "dilation": (1, 2)},
    ],
)
def test_convolutions_keep_stride_padding_dilation_and_groups(options):
    import torch

    torch.manual_seed(0)
    program = export_network(torch.nn.Conv2d(4, 6, 3, **options), (1, 4, 7, 9))
    imported_matches(program, np.random.default_rng(2).standard_normal((1, 4, 7, 9)).astype("float32"))


@pytest.mark.parametrize(
    "options",
    [{"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 2, "ceil_mode": True}],
)
def test_max_pooling_keeps_its_options(options):
    import torch

    program = export_network(torch.nn.MaxPool2d(**options), (1, 2, 5, 7))
    imported_matches(program, -np.random.default_rng(3).random((1, 2, 5, 7), dtype="float32"))


def pooled(self, x):
    from torch.nn.functional import max_pool2d

    return max_pool2d(x, 3)


OPERATIONS: dict[str, tuple[Callable[..., Any], list[tuple[int, ...]]]] = {
    "pooling with the kernel as stride": (pooled, [(1, 2, 7, 7)]),
    "add with a factor": (lambda self, x, y: x.add(y, alpha=3), [(2, 3), (2, 3)]),
    "add a number": (lambda self, x: x + 2.5, [(2, 3)]),
    "broadcast multiplication": (lambda self, x, y: x * y, [(2, 1, 3), (4, 1)]),
    "subtract": (lambda self, x, y: x - y, [(3,), (3,)]),
    "batched matmul": (lambda self, x, y: x @ y, [(2, 3, 4), (2, 4, 5)]),
    "softmax": (lambda self, x: x.softmax(-1), [(2, 7)]),
    "permute": (lambda self, x: x.permute(2, 0, 1), [(2, 3, 4)]),
    "flatten the middle": (lambda self, x: x.flatten(1, 2), [(2, 3, 4, 5)]),
    "flatten all": (lambda self, x: x.flatten(), [(2, 3)]),
    "reshape": (lambda self, x: x.reshape(4, -1), [(2, 6)]),
    "a single element": (lambda self, x: x.relu() * x, [(1,)]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_match_torch(name):
    forward, shapes = OPERATIONS[name]
    rng = np.random.default_rng(4)
    program = export_network(network(forward), *shapes)
    imported_matches(program, *(rng.standard_normal(shape).astype("float32") for shape in shapes))
