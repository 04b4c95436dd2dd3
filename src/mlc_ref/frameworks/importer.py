"""A small importer: from an exported PyTorch program to a Relax module, operator by operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.frameworks.operators import CONVERTERS, Converter
from mlc_ref.frameworks.unsupported import UnsupportedOperatorError, operator_name, unsupported_uses
from mlc_ref.kinds import invalid
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    import torch
    import tvm
    from tvm import relax, tirx

_AT_NODE = Text("node {node} ({operator}): {error}", "节点 {node}（{operator}）：{error}")


@dataclass(frozen=True)
class Imported:
    """A network as a module and its weights.

    Attributes:
        module: ``main`` takes the network's inputs and then the weights.
        weights: arrays of the weights under the names of their parameters, in their order.
    """

    module: "tvm.IRModule"
    weights: dict[str, np.ndarray]


def import_program(
    program: "torch.export.ExportedProgram", converters: Mapping[str, Converter] = CONVERTERS
) -> Imported:
    """Translate an exported program into high-level Relax operators.

    Inputs come first, then the parameters and buffers that are used. Symbolic extents of the inputs
    become symbolic variables; all other shapes are deduced by Relax.

    Args:
        program: what ``torch.export.export`` returns.
        converters: from an operator's name to the function that converts a call of it; extend it with
            ``{**CONVERTERS, "aten.sigmoid.default": …}``.

    Raises:
        UnsupportedOperatorError: operators without a converter, all at once, each with its place.
        ValueError: a converter refuses its arguments; the message names the node.
    """
    from tvm import relax

    missing = unsupported_uses(program, converters)
    if missing:
        raise UnsupportedOperatorError(missing, converters)
    inputs, weights = _parameters(program)
    values: dict[str, Any] = {var.name: var for var in (*inputs, *weights)}
    builder = relax.BlockBuilder()
    with builder.function("main", [*inputs, *weights]):
        with builder.dataflow():
            for node in program.graph.nodes:
                if node.op == "call_function":
                    values[node.name] = _convert(builder, node, values, converters)
            result = builder.emit_output(_result(program, values))
        builder.emit_func_output(result)
    return Imported(builder.finalize(), {var.name: array for var, array in weights.items()})


def _parameters(program: "torch.export.ExportedProgram") -> tuple[list["relax.Var"], dict["relax.Var", np.ndarray]]:
    """Relax parameters for the inputs, and for the weights in use with their arrays."""
    from tvm import relax

    arrays = _weight_arrays(program)
    symbols: dict[str, tirx.Var] = {}
    inputs: list[relax.Var] = []
    weights: dict[relax.Var, np.ndarray] = {}
    for node in program.graph.nodes:
        if node.op != "placeholder":
            continue
        example = node.meta["val"]
        shape = [_extent(extent, symbols, node.name) for extent in example.shape]
        var = relax.Var(node.name, relax.TensorType(shape, str(example.dtype).removeprefix("torch.")))
        if node.name not in arrays:
            inputs.append(var)
        elif node.users:
            weights[var] = arrays[node.name]
    return inputs, weights


def _weight_arrays(program: "torch.export.ExportedProgram") -> dict[str, np.ndarray]:
    """Arrays of parameters, buffers and constants under the names of their placeholders."""
    signature, values = program.graph_signature, {**program.state_dict, **program.constants}
    places = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **signature.inputs_to_lifted_tensor_constants,
    }
    return {name: values[path].detach().cpu().numpy().copy() for name, path in places.items()}


def _extent(extent: "int | torch.SymInt", symbols: dict[str, "tirx.Var"], where: str) -> "int | tirx.Var":
    """A number as it is; a symbol as the one variable of its name."""
    from tvm import tirx

    if isinstance(extent, int):
        return extent
    name = str(extent)
    if not name.isidentifier():
        raise invalid(
            f"input {where!r}: got extent {name}, allowed a number or a single symbol",
            f"输入 {where!r}：得到长度 {name}，允许的是一个数或单个符号",
        )
    return symbols.setdefault(name, tirx.Var(name, "int64"))


def _convert(
    builder: "relax.BlockBuilder",
    node: "torch.fx.Node",
    values: Mapping[str, Any],
    converters: Mapping[str, Converter],
) -> Any:
    """Emit one call; sizes and other values that are not tensors are kept as they are."""
    from torch.fx.node import map_arg
    from tvm import relax

    def lookup(argument: "torch.fx.Node") -> Any:
        return values[argument.name]

    args, kwargs = map_arg(node.args, lookup), map_arg(node.kwargs, lookup)
    try:
        converted = converters[operator_name(node)](*args, **kwargs)
    except (TypeError, ValueError) as error:
        said = _AT_NODE.format(node=node.name, operator=operator_name(node), error=Text.english(str(error)))
        raise ValueError(for_print(said)) from error
    # A value that is bound already, such as the input of a dropout, needs no second name.
    emits = isinstance(converted, relax.Call | relax.TupleGetItem)
    return builder.emit(converted, name_hint=node.name) if emits else converted


def _result(program: "torch.export.ExportedProgram", values: Mapping[str, Any]) -> "relax.Expr":
    """The network's result; a tuple only where the network returns several tensors."""
    from tvm import relax

    output = next(node for node in program.graph.nodes if node.op == "output")
    results = [values[node.name] for node in output.args[0]]
    return results[0] if len(results) == 1 else relax.Tuple(results)
