"""One module on its way from graph to machine: a chain of steps, each of which keeps its meaning."""

import tvm
from tvm import relax
from tvm.s_tir import Schedule

from mlc_ref.introduction.schedules import Names, for_cpu
from mlc_ref.kinds import takes

FUSED = "fused_matmul_add_relu"


@takes("IRModule")
def lower(mod: tvm.IRModule) -> tvm.IRModule:
    """Choose a tensor program for every operator of the graph.

    Before: ``R.matmul``, ``R.add``, ``R.nn.relu``.
    After: three functions, and ``R.call_tir`` of each.
    """
    return relax.transform.LegalizeOps()(mod)


@takes("IRModule")
def fuse(mod: tvm.IRModule) -> tvm.IRModule:
    """Merge tensor programs into as few as their access patterns allow.

    Before: three functions that pass whole tensors to each other.
    After: one, ``fused_matmul_add_relu``; what lies between is its own.
    """
    steps = relax.transform
    passes = [steps.AnnotateTIROpPattern(), steps.FuseOps(), steps.FuseTIR()]
    return tvm.transform.Sequential(passes)(mod)


@takes("IRModule")
def schedule(mod: tvm.IRModule) -> tvm.IRModule:
    """Rewrite the loops of the fused function for a CPU.

    Before: three loop nests, one for each operator.
    After: one loop over rows, as ``schedules.for_cpu`` describes it; the
    addition has moved into the loop of the maximum.
    """
    sch = Schedule(mod)
    sch.work_on(FUSED)
    sch.compute_inline(sch.get_sblock("T_add"))
    return for_cpu(sch.mod, Names(FUSED, "matmul", "compute")).mod


STEPS = (lower, fuse, schedule)


@takes("IRModule")
def stages(mod: tvm.IRModule) -> dict[str, tvm.IRModule]:
    """The module as it is and after each step, by name: ``graph``, ``lower``, ``fuse``, ``schedule``."""
    found = {"graph": mod}
    for step in STEPS:
        mod = step(mod)
        found[step.__name__] = mod
    return found
