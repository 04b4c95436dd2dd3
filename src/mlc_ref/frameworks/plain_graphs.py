"""A network's graph as plain data: what a model file holds beside the weights, and an importer for it.

The form is small on purpose. A graph is a dict of

* ``inputs`` and ``weights``: lists of ``{"name": …, "shape": […]}``, float32; an extent that is text is symbolic;
* ``nodes``: a list of ``{"name", "operator", "args", "kwargs", "module"}`` in the order of execution;
* ``outputs``: names of values.

An argument that is a value of the graph is written ``{"value": name}``; all others are numbers, lists or None.
ONNX (https://onnx.ai/onnx/repo-docs/IR.html) holds the same parts, with operators and versions that many tools share.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlc_ref.frameworks.operators import CONVERTERS, Converter
from mlc_ref.frameworks.unsupported import module_path, operator_name
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    import torch
    import tvm
    from tvm import relax


@takes("ExportedProgram")
def plain_graph(program: "torch.export.ExportedProgram") -> dict[str, Any]:
    """The graph of an exported float32 program as plain data; inputs and weights that nothing uses are left out."""
    from torch.fx.node import map_arg

    weights = set(program.graph_signature.parameters) | set(program.graph_signature.buffers)
    paths = {**program.graph_signature.inputs_to_parameters, **program.graph_signature.inputs_to_buffers}
    graph: dict[str, Any] = {"inputs": [], "weights": [], "nodes": [], "outputs": []}
    for node in program.graph.nodes:
        if node.op == "placeholder" and node.users:
            shape = [extent if isinstance(extent, int) else str(extent) for extent in node.meta["val"].shape]
            kind = "weights" if paths.get(node.name) in weights else "inputs"
            graph[kind].append({"name": node.name, "shape": shape})
        elif node.op == "call_function":
            args, kwargs = map_arg((node.args, dict(node.kwargs)), lambda value: {"value": value.name})
            call = {"operator": operator_name(node), "args": _lists(args), "kwargs": _lists(kwargs)}
            graph["nodes"].append({"name": node.name, **call, "module": module_path(node)})
        elif node.op == "output":
            graph["outputs"] = [value.name for value in node.args[0]]
    return graph


def import_graph(graph: Mapping[str, Any], converters: Mapping[str, Converter] = CONVERTERS) -> "tvm.IRModule":
    """Translate a plain graph into high-level Relax operators; ``main`` takes the inputs, then the weights.

    Args:
        graph: as ``plain_graph`` makes it.
        converters: from an operator's name to the function that converts a call of it.

    Raises:
        KeyError: an operator has no converter.
    """
    from tvm import relax, tirx

    symbols: dict[str, tirx.Var] = {}
    params = [_parameter(each, symbols) for each in [*graph["inputs"], *graph["weights"]]]
    values: dict[str, Any] = {var.name: var for var in params}
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            for node in graph["nodes"]:
                args, kwargs = _resolved([node["args"], node["kwargs"]], values)
                converted = converters[node["operator"]](*args, **kwargs)
                emits = isinstance(converted, relax.Call | relax.TupleGetItem)
                values[node["name"]] = builder.emit(converted, name_hint=node["name"]) if emits else converted
            results = [values[name] for name in graph["outputs"]]
            result = builder.emit_output(results[0] if len(results) == 1 else relax.Tuple(results))
        builder.emit_func_output(result)
    return builder.finalize()


def _parameter(described: Mapping[str, Any], symbols: dict[str, Any]) -> "relax.Var":
    from tvm import relax, tirx

    shape = [
        symbols.setdefault(extent, tirx.Var(extent, "int64")) if isinstance(extent, str) else extent
        for extent in described["shape"]
    ]
    return relax.Var(described["name"], relax.TensorType(shape, "float32"))


def _lists(argument: Any) -> Any:
    """Tuples and PyTorch's own lists and dicts as plain ones."""
    if isinstance(argument, list | tuple):
        return [_lists(each) for each in argument]
    if isinstance(argument, Mapping):
        return {name: _lists(each) for name, each in argument.items()}
    return argument


def _resolved(argument: Any, values: Mapping[str, Any]) -> Any:
    """The argument with ``{"value": name}`` replaced by the value of that name, at every depth."""
    if isinstance(argument, list):
        return [_resolved(each, values) for each in argument]
    if isinstance(argument, Mapping):
        if set(argument) == {"value"}:
            return values[argument["value"]]
        return {name: _resolved(each, values) for name, each in argument.items()}
    return argument
