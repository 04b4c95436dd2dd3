"""Which accesses the generated text makes, by the code generator's own rules: vectors loaded at once, stores left out."""

from typing import TYPE_CHECKING, Any

from tvm import ir
from tvm_ffi import structural_equal

from mlc_ref.gpu_sim.elements import element_of

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.machine import Machine


def loads_whole(machine: "Machine", expr: Any) -> bool:
    """Whether CUDA code generation loads an expression's vector with one access.

    The rule of TVM's ``CodeGenC`` for a load (``src/target/source/codegen_c.cc``): the elements lie side by
    side, and the index of the first is known to be a multiple of their number, whatever the values of
    the variables in it. Any other vector is put together from single elements. Stores have no such
    rule: elements side by side are stored at once, and a wrong address is a mistake.
    """
    place, (value, stored) = expr.indices[0], (element_of(e.ty) for e in (expr, expr.source))
    if value is None or stored is None or value.width == stored.width:
        return True
    if type(place).__name__ != "Ramp" or type(place.stride).__name__ != "IntImm" or int(place.stride) != 1:
        return False
    from tvm.sym import Analyzer

    analyzer = Analyzer()
    for variable, bound in machine.bindings.items():
        analyzer.bind(variable, bound)
    known = analyzer.modular_set(place.base)
    return int(known.coeff) % value.width == 0 and int(known.base) % value.width == 0


def stores_what_it_loads(machine: "Machine", stmt: Any) -> bool:
    """``x[i] = x[i]``: what LowerThreadAllreduce leaves where a block copied a sum to the buffer it is in."""
    value = stmt.value
    if not isinstance(value, ir.TensorLoad) or machine.memory(value.source) is not machine.memory(stmt.buffer):
        return False
    return bool(structural_equal(list(value.indices), list(stmt.indices)))
