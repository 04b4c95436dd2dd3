"""What a Relax module of few operators computes, with NumPy: an oracle that needs no compiler."""

from collections.abc import Callable

import numpy as np
from tvm import ir, relax, tirx

from mlc_ref.end_to_end.graph import callee_name

OPERATORS: dict[str, Callable[..., np.ndarray]] = {
    "relax.add": np.add,
    "relax.subtract": np.subtract,
    "relax.multiply": np.multiply,
    "relax.matmul": np.matmul,
    "relax.tanh": np.tanh,
    "relax.nn.relu": lambda x: np.maximum(x, 0),
    "multiply_add": lambda x, y, z: x * y + z,
}


def evaluate(mod, *arguments, entry="main"):
    """The result of a function, tuples as tuples; an operator that is not known is a KeyError."""
    return _call(mod, mod[entry], arguments)


def _call(mod, function, arguments):
    return _value(mod, function.body, dict(zip(function.params, arguments, strict=True)))


def _value(mod, expr, env):
    if isinstance(expr, relax.Var):
        return env[expr]
    if isinstance(expr, ir.GenericConst):
        return expr.value.numpy()
    if isinstance(expr, relax.Tuple):
        return tuple(_value(mod, field, env) for field in expr.fields)
    if isinstance(expr, relax.TupleGetItem):
        return _value(mod, expr.tuple_value, env)[expr.index]
    if isinstance(expr, relax.If):
        return _value(mod, expr.true_branch if _value(mod, expr.cond, env) else expr.false_branch, env)
    if isinstance(expr, relax.SeqExpr):
        env = dict(env)
        for binding in (b for block in expr.blocks for b in block.bindings):
            env[binding.var] = _value(mod, binding.value, env)
        return _value(mod, expr.body, env)
    if isinstance(expr.op, ir.GlobalVar):
        return _call(mod, mod[expr.op], [_value(mod, each, env) for each in expr.args])
    name, operands = callee_name(expr), expr.args
    if isinstance(operands[0], ir.GlobalVar):  # call_tir: the program by its name, without a number
        assert isinstance(mod[operands[0]], tirx.PrimFunc)
        name, operands = name.rstrip("0123456789"), operands[1].fields
    return OPERATORS[name](*(_value(mod, each, env) for each in operands))
