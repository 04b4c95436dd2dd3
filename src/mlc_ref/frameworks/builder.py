"""The digits perceptron built call by call, with tensor expressions and with operators."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mlc_ref.end_to_end.models import batch_extent
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.kinds import invalid, takes

if TYPE_CHECKING:
    import tvm
    from tvm import relax

    Rule = Callable[[relax.BlockBuilder, relax.Call], relax.Expr]


def mlp_parameters(batch: int | None) -> list["relax.Var"]:
    """The parameters ``x (batch, 64)``, ``w0 (32, 64)``, ``b0``, ``w1 (10, 32)``, ``b1``, float32."""
    from tvm import relax

    shapes = {"x": (batch_extent(batch), 64), "w0": (32, 64), "b0": (32,), "w1": (10, 32), "b1": (10,)}
    return [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]


def mlp_with_te(batch: int | None = None) -> "tvm.IRModule":
    """The perceptron with ``emit_te``: three calls of tensor programs made from TE functions.

    ``emit_te`` runs the function on placeholders of the arguments' shapes, adds the tensor program to
    the module and emits a ``call_tir`` of it. Equal programs are added once.

    Args:
        batch: number of images; None for a symbolic ``n``.

    Raises:
        ValueError: ``batch`` is less than 1, or no whole number.
    """
    from tvm import relax

    params = mlp_parameters(batch)
    x, w0, b0, w1, b1 = params
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            hidden = builder.emit_te(expressions.linear, x, w0, b0)
            active = builder.emit_te(expressions.relu, hidden)
            scores = builder.emit_output(builder.call_te(expressions.linear, active, w1, b1))
        builder.emit_func_output(scores)
    return builder.finalize()


def mlp_with_operators(batch: int | None = None) -> "tvm.IRModule":
    """The perceptron with high-level operators: says what to compute, holds no tensor program yet.

    Args and errors as ``mlp_with_te``.
    """
    from tvm import relax

    params = mlp_parameters(batch)
    x, w0, b0, w1, b1 = params
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            hidden = builder.emit(relax.op.linear(x, w0, b0))
            active = builder.emit(relax.op.nn.relu(hidden))
            scores = builder.emit_output(relax.op.linear(active, w1, b1))
        builder.emit_func_output(scores)
    return builder.finalize()


@takes("IRModule")
def legalize(mod: "tvm.IRModule", rules: "Mapping[str, Rule] | None" = None) -> "tvm.IRModule":
    """Replace every high-level operator by a ``call_tir`` of a tensor program (``LegalizeOps``).

    Before::

        y = R.nn.relu(x)

    After, with a tensor program ``relu`` in the module::

        y = R.call_tir(relu, (x,), out_ty=R.Tensor((4, 32), "float32"))

    Args:
        rules: what operators become, by name, before TVM's own rules: functions of the builder and the call.

    Raises:
        ValueError: a rule returns no expression, over which ``LegalizeOps`` alone ends the process.
    """
    from tvm.relax.transform import LegalizeOps

    return LegalizeOps({name: _returning(name, rule) for name, rule in (rules or {}).items()})(mod)


def _returning(name: str, rule: "Rule") -> "Rule":
    """The rule, which has to return an expression."""

    @functools.wraps(rule)
    def checked(builder: "relax.BlockBuilder", call: "relax.Call") -> "relax.Expr":
        from tvm import ir

        legal = rule(builder, call)
        if not isinstance(legal, ir.Expr):
            raise invalid(
                f"rule of {name}: got {type(legal).__name__}, allowed an expression; return the call",
                f"{name} 的规则：得到 {type(legal).__name__}，允许的是表达式；请返回得到的调用",
            )
        return legal

    return checked
