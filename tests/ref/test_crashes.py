"""What ends a process inside TVM is a Python error before, or is compiled so that it runs."""

import numpy as np
import pytest
import tvm
from tvm import tirx
from tvm.ir.transform import PassContext
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T

from mlc_ref import harness
from mlc_ref.crashes import UnresolvedSymbolError, has_branches, memory_planned_safely
from mlc_ref.end_to_end.deploy import run_graph

LLVM = "define float @mlc_here(float %x) {\n  ret float %x\n}\n"


def calling(name, text=None):
    """A module that calls a function of this name for each element, and may carry LLVM text along."""

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
        for i in range(4):
            with T.sblock("B"):
                vi = T.axis.spatial(4, i)
                B[vi] = T.call_pure_extern("float32", name, A[vi])

    sch = Schedule(main)
    if text:
        sch.annotate(sch.get_loops("B")[0], "pragma_import_llvm", text)
    return sch


def run(mod, x=(1.0, 2.0, 3.0, 4.0)):
    return harness.run(mod, [np.array(x, "float32")], [((4,), "float32")])[0]


def test_a_call_of_a_function_that_is_nowhere_is_a_python_error():
    with pytest.raises(UnresolvedSymbolError, match="found no function mlc_nowhere; load its library before"):
        run(calling("mlc_nowhere").mod)
    with pytest.raises(UnresolvedSymbolError, match="mlc_nowhere"):
        run(calling("mlc_nowhere", LLVM).mod)


def test_functions_of_the_process_and_of_text_that_is_carried_are_found():
    assert np.allclose(run(calling("sqrtf").mod), np.sqrt([1, 2, 3, 4]))
    assert np.array_equal(run(calling("mlc_here", LLVM).mod), [1, 2, 3, 4])


@pytest.mark.parametrize(
    ("subject", "way"),
    [
        (calling("sqrtf"), "; of a Schedule its .mod"),
        (calling("sqrtf").mod["main"], '; IRModule({"main": function}) makes one'),
        ("main", ""),
    ],
)
def test_what_is_no_module_is_a_python_error(subject, way):
    for compiled, allowed in ((harness.build, ""), (run, " or an Executable or a runtime.Module")):
        with pytest.raises(TypeError) as raised:
            compiled(subject)
        assert str(raised.value) == f"mod: got {type(subject).__name__}, allowed an IRModule{allowed}{way}"


@I.ir_module
class Branch:
    """Values before, inside and after branches, whose storage TVM would share."""

    @R.function
    def main(x: R.Tensor((3, 4), "float32"), c: R.Tensor((), "bool")) -> R.Tensor((3, 4), "float32"):
        before = R.tanh(x)
        if c:
            a = R.exp(x)
            y = R.add(a, a)
        else:
            b = R.exp(x)
            y = R.multiply(b, x)
        z = R.exp(x)
        total = R.add(R.add(z, y), before)
        return total


@pytest.mark.parametrize("taken", [False, True])
def test_a_graph_with_branches_runs_on_both(taken):
    x = np.random.default_rng(0).standard_normal((3, 4)).astype("float32")
    y = np.exp(x) * (2 if taken else x)
    assert np.allclose(run_graph(Branch, x, np.array(taken)), np.exp(x) + y + np.tanh(x), atol=1e-5)


def test_only_modules_with_branches_are_compiled_without_shared_storage():
    plain = tvm.IRModule({"main": tirx.PrimFunc([], tirx.Evaluate(0))})
    assert has_branches(Branch)
    assert not has_branches(plain)
    with PassContext(opt_level=1, disabled_pass=["FoldConstant"]):
        with memory_planned_safely(Branch):
            assert list(PassContext.current().disabled_pass) == ["FoldConstant", "StaticPlanBlockMemory"]
            assert PassContext.current().opt_level == 1
        with memory_planned_safely(plain):
            assert list(PassContext.current().disabled_pass) == ["FoldConstant"]
