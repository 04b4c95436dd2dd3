"""What several items of the set share."""

from tvm import IRModule, tirx

from mlc_ref.checks import arrays_match, require
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def expect(found, expected, where=None, hint=None):
    arrays_match(found, expected.astype("float32"), rtol=1e-4, atol=2e-5, where=where, hint=hint)


def _module(value) -> IRModule:
    """The module a function of the learner returned."""
    hint = Text('Wrap a PrimFunc as tvm.IRModule({"main": func}).', 'PrimFunc 要写成 tvm.IRModule({"main": func})。')
    require(
        isinstance(value, IRModule),
        expected=Text("a function that returns an IRModule", "一个返回 IRModule 的函数"),
        found=type(value).__name__,
        hint=hint,
    )
    return value


def _sizes(tensor_type) -> list[object] | None:
    values = getattr(getattr(tensor_type, "shape", None), "values", None)
    return None if values is None else [v if isinstance(v, tirx.Var) else int(v) for v in values]


def _node(name, operator, *args, module="", **kwargs):
    return {"name": name, "operator": f"aten.{operator}", "args": list(args), "kwargs": kwargs, "module": module}


def _v(name):
    return {"value": name}


def _network(shape, *steps, weights=None):
    listed = [{"name": name, "shape": list(extents)} for name, extents in (weights or {}).items()]
    inputs = [{"name": "x", "shape": list(shape)}]
    return {"inputs": inputs, "weights": listed, "nodes": list(steps), "outputs": [steps[-1]["name"]]}
