"""Checks on Relax graphs, each with graphs that meet the requirement and graphs that do not."""

import pytest
import tvm
from main_of import main_of
from tvm import relax
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import (
    call_targets,
    calls,
    calls_library,
    has_operator,
    no_operator,
    one_dataflow_block,
    only_operators,
    result_type,
    sub_function_calls,
    sub_function_count,
    sub_functions,
    well_formed,
)
from mlc_ref.checks.planning import (
    intermediate_bytes,
    intermediates_at_most,
    planned,
    planned_bytes,
    plans_at_most,
)


@I.ir_module
class Network:
    """relu(x @ w) + relu(x @ w), the product bound to its own name."""

    @R.function
    def main(x: R.Tensor((4, 8), "float32"), w: R.Tensor((8, 8), "float32")) -> R.Tensor((4, 8), "float32"):
        with R.dataflow():
            y = R.matmul(x, w)
            z = R.nn.relu(y)
            out = R.add(z, z)
            R.output(out)
        return out


@I.ir_module
class Nested:
    """The same graph with calls inside calls and no dataflow block."""

    @R.function
    def main(x: R.Tensor((4, 8), "float32"), w: R.Tensor((8, 8), "float32")):
        z = R.nn.relu(R.matmul(x, w))
        return R.add(z, z)


@I.ir_module
class Mixed:
    @T.prim_func(s_tir=True)
    def double(X: T.Buffer((4,), "float32"), Y: T.Buffer((4,), "float32")):
        for i in T.serial(4):
            with T.sblock("Y"):
                vi = T.axis.spatial(4, i)
                Y[vi] = X[vi] * T.float32(2)

    @R.function
    def main(x: R.Tensor((4,), "float32")):
        cls = Mixed
        with R.dataflow():
            y = R.call_tir(cls.double, (x,), out_ty=R.Tensor((4,), "float32"))
            z = R.call_dps_packed("library.negate", (y,), out_ty=R.Tensor((4,), "float32"))
            R.output(z)
        return z


@I.ir_module
class Composite:
    """matmul + relu in a sub-function marked primitive, called twice; a second one without the mark."""

    @R.function(private=True)
    def layer(x: R.Tensor((4, 4), "float32"), w: R.Tensor((4, 4), "float32")) -> R.Tensor((4, 4), "float32"):
        R.func_attr({"Primitive": True})
        with R.dataflow():
            y = R.matmul(x, w)
            z = R.nn.relu(y)
            R.output(z)
        return z

    @R.function(private=True)
    def plain(x: R.Tensor((4, 4), "float32")) -> R.Tensor((4, 4), "float32"):
        with R.dataflow():
            y = R.exp(x)
            R.output(y)
        return y

    @R.function
    def main(x: R.Tensor((4, 4), "float32"), w: R.Tensor((4, 4), "float32")) -> R.Tensor((4, 4), "float32"):
        cls = Composite
        with R.dataflow():
            a = cls.layer(x, w)
            b = cls.layer(a, w)
            c = cls.plain(b)
            R.output(c)
        return c


@I.ir_module
class SymbolicBatch:
    @R.function
    def main(x: R.Tensor(("n", 8), "float32")) -> R.Tensor(("n", 8), "float32"):
        y = R.nn.relu(x)
        return y


def names(module: tvm.IRModule) -> list[str]:
    return [str(site) for site in calls(module)]


def test_calls_are_the_same_nested_or_bound_one_by_one():
    assert names(Network) == names(Nested) == ["relax.matmul", "relax.nn.relu", "relax.add"]


@pytest.mark.parametrize("graph", [Network, Nested, main_of(Network)])
def test_operators_present(graph):
    has_operator(graph, "relax.nn.relu", count=1)
    has_operator(graph, "relax.add")
    only_operators(graph, {"relax.matmul", "relax.nn.relu", "relax.add"})
    no_operator(graph, "relax.exp")


@pytest.mark.parametrize("graph", [Network, Nested])
def test_operators_absent_or_too_many(graph):
    with pytest.raises(CheckFailure, match=r"expected: relax.exp; found: relax.matmul, relax.nn.relu, relax.add"):
        has_operator(graph, "relax.exp")
    with pytest.raises(CheckFailure, match=r"relax.add 2 times"):
        has_operator(graph, "relax.add", count=2)
    with pytest.raises(CheckFailure, match=r"no relax.nn.; found: relax.nn.relu"):
        no_operator(graph, "relax.nn.")
    with pytest.raises(CheckFailure, match=r"found: relax.nn.relu, relax.add"):
        only_operators(graph, {"relax.matmul"})


def test_an_operator_inside_a_sub_function_counts_where_it_is_called():
    has_operator(Composite, "relax.matmul", count=2)
    assert [str(s) for s in calls(Composite, nested=False)] == ["call(layer)", "call(layer)", "call(plain)"]


def test_targets_of_call_tir_and_library_calls():
    call_targets(Mixed, ["double"])
    calls_library(Mixed, "library.negate")
    with pytest.raises(CheckFailure, match="found: double"):
        call_targets(Mixed, ["double", "double"])
    with pytest.raises(CheckFailure, match=r"call_dps_packed\(library.double\)"):
        calls_library(Mixed, "library.double")
    with pytest.raises(CheckFailure, match=r"found: library.negate"):
        no_extern_calls(Mixed)
    no_extern_calls(Network)


def test_sub_functions_and_their_attributes():
    assert sorted(sub_functions(Composite)) == ["layer", "plain"]
    sub_function_count(Composite, 2)
    sub_function_count(Composite, 1, attrs={"Primitive": True})
    sub_function_calls(Composite, ["relax.matmul", "relax.nn.relu"])
    sub_function_count(Network, 0)
    with pytest.raises(CheckFailure, match=r"2 sub-functions Primitive=True; found: layer .*plain"):
        sub_function_count(Composite, 2, attrs={"Primitive": True})
    with pytest.raises(CheckFailure, match=r"found: layer: relax.matmul relax.nn.relu"):
        sub_function_calls(Composite, ["relax.nn.relu", "relax.matmul"])


def test_fused_operators_count_as_one_primitive_sub_function():
    passes = [relax.transform.LegalizeOps(), relax.transform.AnnotateTIROpPattern(), relax.transform.FuseOps()]
    sub_function_count(tvm.transform.Sequential(passes)(Network), 1, attrs={"Primitive": True})


def test_result_types_with_fixed_and_symbolic_sizes():
    result_type(Network, (4, 8), "float32")
    result_type(SymbolicBatch, ("n", 8), "float32")
    with pytest.raises(CheckFailure, match=r"expected: R.Tensor\(\(4, 9\), float32\)"):
        result_type(Network, (4, 9), "float32")
    with pytest.raises(CheckFailure):
        result_type(SymbolicBatch, (4, 8), "float32")


def test_one_dataflow_block():
    one_dataflow_block(Network)
    with pytest.raises(CheckFailure, match="expected: one dataflow block; found: plain"):
        one_dataflow_block(Nested)


def test_well_formed_reports_what_tvm_says():
    well_formed(Network)
    x = relax.Var("x", relax.TensorType((4,), "float32"))
    stranger = relax.Var("stranger", relax.TensorType((4,), "float32"))
    body = relax.SeqExpr([], stranger)
    func = relax.Function([x], body, relax.TensorType((4,), "float32")).with_attr("global_symbol", "main")
    with pytest.raises(CheckFailure, match=r"a well-formed module; found: .*stranger"):
        well_formed(tvm.IRModule({"main": func}))


def test_well_formed_takes_types_that_nobody_wrote_down_for_granted():
    x = relax.Var("x", relax.TensorType((4,), "float32"))
    y = relax.Var("y", relax.TensorType((4,), "float32"))
    body = relax.SeqExpr([relax.BindingBlock([relax.VarBinding(y, relax.op.exp(x))])], y)
    func = relax.Function([x], body, relax.TensorType((4,), "float32")).with_attr("global_symbol", "main")
    well_formed(tvm.IRModule({"main": func}))


def test_bytes_of_intermediate_values():
    one = 4 * 8 * 4
    assert intermediate_bytes(Network) == intermediate_bytes(Nested) == 2 * one
    intermediates_at_most(Network, 2 * one)
    with pytest.raises(CheckFailure, match=f"at most {one} bytes"):
        intermediates_at_most(Network, one)


def test_planned_bytes_share_storage_and_leave_out_results():
    # layer 1, layer 2 (which may not overwrite its own input), each 4 * 4 * 4 bytes: a, b and the products.
    flat = relax.transform.FuseOps()(relax.transform.LegalizeOps()(Network))
    assert planned_bytes(Network) == planned_bytes(planned(Network)) == 2 * 128
    assert planned_bytes(flat) == 2 * 128
    plans_at_most(Network, 256)
    with pytest.raises(CheckFailure, match="at most 255 planned bytes; found: 256"):
        plans_at_most(Network, 255)


def test_symbolic_sizes_have_no_bytes():
    with pytest.raises(ValueError, match="not known before the program runs"):
        intermediate_bytes(SymbolicTwice)


@I.ir_module
class SymbolicTwice:
    @R.function
    def main(x: R.Tensor(("n", 8), "float32")):
        y = R.nn.relu(x)
        z = R.exp(y)
        return z


def test_only_graphs_are_accepted():
    with pytest.raises(CheckFailure, match="an IRModule or a Relax function; found: int"):
        calls(3)
    with pytest.raises(CheckFailure, match="a Relax function named other; found: main"):
        calls(Network, "other")
