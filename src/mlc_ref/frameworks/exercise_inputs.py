"""A residual block to import in the exercises: its plain graph, its weights, its result, and the PyTorch network."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    import torch
    import tvm


def residual_graph(
    incoming: int, channels: int, groups: int, *, stride: int = 2, epsilon: float = 1e-5, affine: bool = True
) -> dict[str, Any]:
    """What PyTorch exports of ``residual_network`` with the same arguments, as ``plain_graph`` writes it.

    The input is ``(batch, incoming, 7, 6)``; ``batch`` is symbolic.
    """
    shapes = _weight_shapes(incoming, channels, affine)
    norm = [_value(f"p_norm_{part}") if affine else None for part in ("weight", "bias")]
    conv1 = [_value("silu_"), _value("p_conv1_weight"), _value("p_conv1_bias"), [1, 1], [1, 1]]
    shortcut = [_value("x"), _value("p_shortcut_weight"), _value("p_shortcut_bias"), [stride, stride]]
    nodes = [
        ("conv2d", "aten.conv2d.default", [_value("x"), _value("p_conv0_weight"), None, [stride] * 2, [1, 1]], "conv0"),
        ("group_norm", "aten.group_norm.default", [_value("conv2d"), groups, *norm, epsilon, False], "norm"),
        ("silu_", "aten.silu_.default", [_value("group_norm")], "act"),
        ("conv2d_1", "aten.conv2d.default", conv1, "conv1"),
        ("conv2d_2", "aten.conv2d.default", shortcut, "shortcut"),
        ("add_", "aten.add_.Tensor", [_value("conv2d_1"), _value("conv2d_2")], ""),
        ("silu__1", "aten.silu_.default", [_value("add_")], "act"),
    ]
    return {
        "inputs": [{"name": "x", "shape": ["batch", incoming, 7, 6]}],
        "weights": [{"name": name, "shape": list(shape)} for name, shape in shapes.items()],
        "nodes": [
            {"name": name, "operator": operator, "args": args, "kwargs": {}, "module": module}
            for name, operator, args, module in nodes
        ],
        "outputs": ["silu__1"],
    }


def residual_weights(graph: Mapping[str, Any], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Random float32 arrays for the weights of a plain graph."""
    return {each["name"]: (rng.normal(size=each["shape"]) / 2).astype("float32") for each in graph["weights"]}


def residual_result(
    x: np.ndarray, weights: Mapping[str, np.ndarray], groups: int, *, stride: int = 2, epsilon: float = 1e-5
) -> np.ndarray:
    """``silu(conv1(silu(norm(conv0(x)))) + shortcut(x))`` in float64, the oracle."""
    hidden = _conv2d(x, weights["p_conv0_weight"], 0.0, stride, padding=1)
    grouped = hidden.reshape(len(x), groups, -1)
    centred = grouped - grouped.mean(axis=2, keepdims=True)
    hidden = (centred / np.sqrt(grouped.var(axis=2, keepdims=True) + epsilon)).reshape(hidden.shape)
    if "p_norm_weight" in weights:
        hidden = hidden * weights["p_norm_weight"][:, None, None] + weights["p_norm_bias"][:, None, None]
    inner = _conv2d(_silu(hidden), weights["p_conv1_weight"], weights["p_conv1_bias"], 1, padding=1)
    return _silu(inner + _conv2d(x, weights["p_shortcut_weight"], weights["p_shortcut_bias"], stride, padding=0))


def residual_network(
    incoming: int, channels: int, groups: int, *, stride: int = 2, epsilon: float = 1e-5, affine: bool = True
) -> "torch.nn.Module":
    """The block in PyTorch, as its authors would write it: with in-place operators."""
    import torch
    from torch import nn

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv0 = nn.Conv2d(incoming, channels, 3, stride=stride, padding=1, bias=False)
            self.norm = nn.GroupNorm(groups, channels, eps=epsilon, affine=affine)
            self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
            self.shortcut = nn.Conv2d(incoming, channels, 1, stride=stride)
            self.act = nn.SiLU(inplace=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            out = self.conv1(self.act(self.norm(self.conv0(x))))
            out += self.shortcut(x)
            return self.act(out)

    return Residual().eval()


def difference_from_torch(
    importer: Callable[[dict[str, Any], dict[str, np.ndarray]], "tvm.IRModule"], *, seed: int = 0
) -> float:
    """Largest difference between an import of the block and PyTorch in float64, on five random images.

    Args:
        importer: takes the plain graph and the weights by name, returns a module whose ``main`` takes the images.
    """
    from mlc_ref.end_to_end.deploy import run_graph
    from mlc_ref.frameworks.compare import float64_result
    from mlc_ref.frameworks.networks import export_network
    from mlc_ref.frameworks.plain_graphs import plain_graph

    program = export_network(residual_network(3, 4, 2), (2, 3, 7, 6), symbolic_batch=True)
    places = program.graph_signature.inputs_to_parameters
    weights = {name: program.state_dict[path].detach().numpy().copy() for name, path in places.items()}
    x = np.random.default_rng(seed).normal(size=(5, 3, 7, 6)).astype("float32")
    return float(np.abs(run_graph(importer(plain_graph(program), weights), x) - float64_result(program, x)).max())


def _weight_shapes(incoming: int, channels: int, affine: bool) -> dict[str, tuple[int, ...]]:
    norm = {"p_norm_weight": (channels,), "p_norm_bias": (channels,)} if affine else {}
    return {
        "p_conv0_weight": (channels, incoming, 3, 3),
        **norm,
        "p_conv1_weight": (channels, channels, 3, 3),
        "p_conv1_bias": (channels,),
        "p_shortcut_weight": (channels, incoming, 1, 1),
        "p_shortcut_bias": (channels,),
    }


def _value(name: str) -> dict[str, str]:
    return {"value": name}


def _silu(x: np.ndarray) -> np.ndarray:
    return x / (1 + np.exp(-x))


def _conv2d(x: np.ndarray, w: np.ndarray, b: np.ndarray | float, stride: int, *, padding: int) -> np.ndarray:
    padded = np.pad(x.astype("float64"), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwyx,ocyx->nohw", windows, w.astype("float64")) + np.reshape(b, (1, -1, 1, 1))
