"""Which vectors the generated text loads with one access, by the code generator's own rule."""

from typing import TYPE_CHECKING, Any

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
