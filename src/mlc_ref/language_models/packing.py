"""The weights of linear layers laid out once as the products read them, not transposed again for every word.

``Linear`` is ``matmul(x, permute_dims(W))``, and the transposed matrix is made in every call. ``packed`` puts in its
place a call that packs ``W`` and one that multiplies, and ``LiftTransformParams`` moves all packing into a function
``transform_params`` of its own, which runs once. Outputs that lie side by side share a vector register; the matrix
is read from beginning to end.
"""

from typing import TYPE_CHECKING, Any

from tvm import relax, te, tirx
from tvm.relax.expr_functor import PyExprMutator, mutator
from tvm.s_tir import Schedule

from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text

if TYPE_CHECKING:
    import tvm

_LANES = (64, 32, 16)  # outputs side by side, the most that divide all outputs
_VECTOR = 16
_UNROLLED = 8
_MULTIPLES = Text(f"multiples of {_LANES[-1]}", f"{_LANES[-1]} 的倍数")


def lanes_of(outputs: int) -> int | None:
    """How many outputs lie side by side; None where the outputs do not divide into vectors, and ``W`` stays as it is."""
    return next((lanes for lanes in _LANES if outputs % lanes == 0), None)


def pack_program(outputs: int, inputs: int) -> "tirx.PrimFunc":
    """``W (outputs, inputs)`` to ``(outputs / lanes, inputs, lanes)`` float32.

    Raises:
        ValueError: the outputs do not divide into vectors.
    """
    lanes = _require_lanes(outputs)
    matrix = te.placeholder((outputs, inputs), "float32", name="W")
    shape = (outputs // lanes, inputs, lanes)
    return _function([matrix, te.compute(shape, lambda o, p, j: matrix[o * lanes + j, p], name="pack")])


def product_program(
    outputs: int, inputs: int, batch: "int | tirx.Expr" = 1, length: "int | tirx.Expr" = 1
) -> "tirx.PrimFunc":
    """``x (batch, length, inputs)`` times a packed matrix: ``(batch, length, outputs)``, its sums kept in registers.

    Args:
        batch, length: numbers or variables.

    Raises:
        ValueError: the outputs do not divide into vectors.
    """
    lanes = _require_lanes(outputs)
    x = te.placeholder((batch, length, inputs), "float32", name="x")
    matrix = te.placeholder((outputs // lanes, inputs, lanes), "float32", name="W")
    p = te.reduce_axis((0, inputs), "p")
    y = te.compute(
        (batch, length, outputs),
        lambda b, s, n: te.sum(matrix[n // lanes, p, n % lanes] * x[b, s, p], axis=p),
        name="y",
    )
    sch = Schedule(_function([x, matrix, y]))
    sums = sch.cache_write("y", 0, "local")
    b, s, n, reduced = sch.get_loops("y")
    outer, lane = sch.split(n, [None, lanes])
    rounds, unrolled = sch.split(reduced, [None, _UNROLLED if inputs % _UNROLLED == 0 else 1])
    sch.reorder(outer, b, s, rounds, unrolled, lane)  # a block of the matrix stays in the cache for all rows
    sch.unroll(unrolled)
    _vectors(sch, lane)
    sch.reverse_compute_at(sums, s)
    _vectors(sch, sch.get_loops(sums)[-1])
    sch.decompose_reduction("y", rounds)
    done = sch.mod["main"].without_attr("global_symbol")
    return done.with_attrs({"tirx.is_scheduled": True, "op_pattern": 8})  # opaque: fused, it would lose its schedule


def _require_lanes(outputs: int) -> int:
    lanes = lanes_of(outputs)
    if lanes is None:
        raise ValueError(refused("outputs", str(outputs), _MULTIPLES))
    return lanes


def _function(tensors: "list[te.Tensor]") -> "tirx.PrimFunc":
    # The name "main" that every such function gets would be there twice in one module.
    return te.create_prim_func(tensors).with_attr("tirx.noalias", True).without_attr("global_symbol")


def _vectors(sch: Schedule, loop: Any) -> None:
    outer, inner = sch.split(loop, [None, _VECTOR])
    sch.unroll(outer)
    sch.vectorize(inner)


@mutator
class _LinearLayers(PyExprMutator):
    """Products with a transposed parameter become a packing and a product with the packed matrix."""

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = super().visit_call_(call)
        matrix = self._transposed(call)
        if matrix is None:
            return call
        outputs, inputs = (int(extent) for extent in matrix.ty.shape)
        lanes = lanes_of(outputs)
        if lanes is None:
            return call
        rows = call.args[0].ty.shape
        packing = self.builder_.add_func(pack_program(outputs, inputs), f"pack_{outputs}_{inputs}")
        shape = (outputs // lanes, inputs, lanes)
        packed = self.builder_.emit(relax.call_tir(packing, [matrix], out_ty=relax.TensorType(shape, "float32")))
        extents = [
            e if isinstance(e, tirx.IntImm) else tirx.Var(name, "int64")
            for e, name in zip(list(rows)[:2], "bs", strict=True)
        ]
        product = product_program(outputs, inputs, *extents)
        function = self.builder_.add_func(product, f"product_{outputs}_{inputs}")
        return relax.call_tir(function, [call.args[0], packed], out_ty=call.ty)

    def _transposed(self, call: relax.Call) -> relax.Expr | None:
        """The matrix ``W`` of a product ``matmul(x, permute_dims(W))`` with ``x`` of three dimensions."""
        if getattr(call.op, "name", "") != "relax.matmul" or len(call.args[0].ty.shape) != 3:
            return None
        turned: Any = self.lookup_binding(call.args[1]) if isinstance(call.args[1], relax.Var) else None
        if getattr(getattr(turned, "op", None), "name", "") != "relax.permute_dims":
            return None
        return turned.args[0] if len(turned.args[0].ty.shape) == 2 else None


@takes("IRModule")
def packed(mod: "tvm.IRModule") -> "tvm.IRModule":
    """Pack the weights of all linear layers, once and outside.

    Every function that has weights (its attribute ``num_input`` says how many parameters come before them) needs the
    same ones.

    Returns:
        A module whose functions take packed weights, and ``transform_params``, which makes them: a tuple of all weights
        to a tuple of what the functions take in their place.
    """
    change = _LinearLayers(mod)
    functions = {var: func for var, func in mod.functions_items() if isinstance(func, relax.Function)}
    for var, func in functions.items():
        change.builder_.update_func(var, change.visit_expr(func))
    weighted = [
        var.name_hint for var, func in functions.items() if len(func.params) > int(func.attrs.get("num_input", 0))
    ]
    changed = relax.transform.Normalize()(change.builder_.get())
    changed = relax.transform.DeadCodeElimination([var.name_hint for var in functions])(changed)
    return relax.transform.LiftTransformParams(shared_transform=weighted)(changed)
