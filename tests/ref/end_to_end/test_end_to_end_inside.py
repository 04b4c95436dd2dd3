"""Looking inside a graph: lifetimes, pictures drawn from the IR, and why TVM refuses a graph."""

from xml.etree import ElementTree

import numpy as np
import pytest
from tvm import relax
from tvm.script import ir as I
from tvm.script import relax as R

from mlc_ref.end_to_end import programs, refusals
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.end_to_end.lifetimes import lifetimes, live_bytes, steps
from mlc_ref.end_to_end.memory import memory_plan
from mlc_ref.end_to_end.models import bind_weights, cnn_module
from mlc_ref.end_to_end.pictures import draw_graph, draw_memory
from mlc_ref.end_to_end.refusals import refusal
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.language import Text

TITLE = Text("a picture", "图")


@I.ir_module
class Residual:
    """A value that is needed again after another was computed from it."""

    @R.function
    def main(x: R.Tensor((4, 6), "float32"), w: R.Tensor((6, 6), "float32")):
        with R.dataflow():
            a = R.nn.relu(x)
            b = R.matmul(a, w)
            c = R.add(a, b)
            d = R.multiply(c, c)
            R.output(d)
        return d


def words(board):
    root = ElementTree.fromstring(board.render("en"))
    return [span.text for span in root.iter("{http://www.w3.org/2000/svg}tspan")]


def test_a_value_lives_from_the_step_that_writes_it_to_the_last_that_reads_it():
    assert steps(Residual) == ["relu", "matmul", "add", "multiply"]
    found = {value.name: (value.made, value.last, value.bytes) for value in lifetimes(Residual)}
    assert found == {"a": (0, 2, 96), "b": (1, 2, 96), "c": (2, 3, 96), "d": (3, 3, 96)}


def test_a_view_has_no_lifetime_and_prolongs_that_of_its_source():
    values = lifetimes(cnn_module(4))
    assert [value.name for value in values] == ["lv", "lv2", "lv3", "lv4", "lv6", "gv"]
    pooled = values[3]
    assert (steps(cnn_module(4))[pooled.made], steps(cnn_module(4))[pooled.last]) == ("pool2d", "matmul")


@pytest.mark.parametrize("mod", [Residual, programs.MLP, cnn_module(3)])
def test_tensors_that_share_a_storage_are_never_alive_together(mod):
    for a in (values := lifetimes(mod)):
        for b in values:
            together = a is not b and a.made <= b.last and b.made <= a.last
            assert not (together and a.storage is not None and a.storage == b.storage)


@pytest.mark.parametrize("mod", [Residual, programs.MLP, cnn_module(3)])
def test_no_plan_is_smaller_than_what_is_alive_in_one_step(mod):
    assert max(total for _, total in live_bytes(mod)) <= sum(memory_plan(mod).storages)


def test_live_bytes_leave_out_the_result():
    assert live_bytes(Residual) == [("relu", 96), ("matmul", 192), ("add", 288), ("multiply", 96)]


def test_computing_a_value_when_it_is_used_saves_its_storage():
    early, late = (memory_plan(mod).storages for mod in (programs.EarlyShift, programs.LateShift))
    assert (early, late) == ((512, 512, 512), (512, 512))
    x, w = (np.random.default_rng(0).normal(size=shape).astype("float32") for shape in ((8, 16), (16, 16)))
    assert np.array_equal(run_graph(programs.EarlyShift, x, w), run_graph(programs.LateShift, x, w))


def test_a_shape_that_the_type_does_not_state_is_checked_where_it_is_named():
    x = np.array([range(-32, 32)], "float32")
    assert np.array_equal(run_graph(programs.CheckedRows, x), np.maximum(x, 0))
    with pytest.raises(RuntimeError, match=r"\(5 vs. 64\)"):
        run_graph(programs.CheckedRows, np.zeros((3, 5), "float32"))


def test_lifetimes_of_a_symbolic_graph_are_refused():
    with pytest.raises(ValueError, match="is symbolic"):
        lifetimes(programs.SymbolicMLP)


def test_the_picture_of_a_graph_names_calls_values_and_parameters():
    assert words(draw_graph(programs.MLP, TITLE)) == [
        "x (4, 64)", "linear0", "w0 (32, 64)", "b0 (32)", "hidden (4, 32)", "relu0", "active (4, 32)",
        "linear1", "w1 (10, 32)", "b1 (10)", "scores (4, 10)",
    ]  # fmt: skip


def test_the_picture_shows_symbolic_sizes_and_constants():
    shown = words(draw_graph(bind_weights(programs.SymbolicMLP, load_weights("mlp")), TITLE))
    assert "hidden (n, 32)" in shown
    assert "const (32, 64)" in shown
    assert "twice (n * 8 * 8 * 2)" in words(draw_graph(programs.Flattened, TITLE))


def test_the_picture_frames_each_dataflow_block_and_leads_skipping_values_around():
    svg = draw_graph(programs.LoggedReLU, TITLE).render("en")
    assert svg.count('class="shape ghost"') == 2
    assert svg.count('class="shape red"') == 1
    assert svg.count('class="line" d="M') == 1


def test_the_picture_of_memory_states_the_bytes_before_and_after():
    shown = words(draw_memory(cnn_module(4), TITLE))
    before, after = (memory_plan(cnn_module(4), share=share).total_bytes for share in (False, True))
    assert f"each tensor has memory of its own: {before} bytes" in shown
    assert f"after planning: {after} bytes" in shown
    assert before > after


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (refusals.RECORD_IN_PURE, "annotated as pure but contains an impure call"),
        (refusals.RECORD_IN_DATAFLOW, "occurs within a dataflow block"),
        (refusals.NOT_PUT_OUT, "Undefined variable: y"),
        (refusals.INNER_SIZES_DIFFER, "The reduction dimensions of T.int64(64) and T.int64(32) are not equal"),
        (
            programs.SymbolicMLP.script().replace("w0: R.Tensor((32, 64)", "w0: R.Tensor((n, 64)"),
            "The `out_ty` argument",
        ),
        (programs.MLP.script().replace("(x, w0, b0)", "(x, b0, w0)"), "Argument 1 type mismatch: expected R.Tensor"),
        (programs.MLP.script().replace("out_ty=R.Tensor((4, 10)", "out_ty=R.Tensor((4, 11)"), "The `out_ty` argument"),
    ],
)
def test_the_reason_of_a_refusal_is_one_readable_sentence(source, reason):
    found = refusal(source)
    assert reason in found
    assert "Check failed" not in found
    assert "-->" not in found


def test_a_reason_holds_no_address_that_changes_from_run_to_run():
    assert refusal(refusals.RECORD_IN_PURE).startswith("The function is annotated as pure")


def test_dead_code_leaves_a_dataflow_block_and_a_side_effect_stays():
    cleaned = relax.transform.DeadCodeElimination()(programs.LoggedSpare)
    assert callees(programs.LoggedSpare) == ["relax.nn.relu", "relax.exp", "mlc_ref.record"]
    assert callees(cleaned) == ["relax.nn.relu", "mlc_ref.record"]


def test_a_graph_that_obeys_the_rules_is_accepted():
    assert refusal(programs.MLP.script()) == "accepted"
    assert relax.analysis.check_well_formed(Residual)
