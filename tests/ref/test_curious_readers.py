"""What a reader tries who changes a cell: each of these ended in a crash or in hundreds of lines, and is one sentence now."""

import numpy as np
import pytest
import tvm
import tvm_ffi
from tvm.script import tirx as T

from mlc_ref import harness
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.machine import VirtualMachine
from mlc_ref.end_to_end.models import cnn_module
from mlc_ref.end_to_end.pictures import draw_graph, draw_memory
from mlc_ref.frameworks.builder import mlp_with_operators
from mlc_ref.gpu.codegen import dlight_schedule
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.kinds import whole_number
from mlc_ref.language import Text
from mlc_ref.schedules import programs
from mlc_ref.viz import explore_access
from mlc_ref.webgpu import Unsupported, export_webgpu
from mlc_ref.webgpu.models import scheduled_model


@T.prim_func(s_tir=True)
def without_axes(X: T.Buffer((4,), "float32"), Y: T.Buffer((4,), "float32")):
    for i in range(4):
        with T.sblock("Y"):
            Y[i] = X[i] * T.float32(2)


def chain(length):
    lines = [f"v{n + 1} = R.exp(v{n})" for n in range(length)]
    return Sketch({"v0": (4, 4)}, lines, f"v{length}").module()


def one_line(raised):
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_a_schedule_is_refused_where_a_module_or_a_result_is_meant():
    sch = tvm.s_tir.Schedule(programs.scale_add(8))
    with pytest.raises(TypeError, match=r"of a Schedule its \.mod") as raised:
        harness.run(sch, [np.zeros(8, "float32")], [((8,), "float32")])
    one_line(raised)
    with pytest.raises(TypeError, match="got Schedule, allowed a Result or a KernelResult; simulate") as raised:
        explore_access(sch)
    one_line(raised)


def test_numpy_arrays_do_not_end_the_process_of_a_virtual_machine():
    machine = VirtualMachine(harness.build(chain(1)), tvm.cpu())
    array = np.zeros((4, 4), "float32")
    for arguments in ([array], [(array,)]):
        with pytest.raises(
            TypeError, match="main: argument 0 \(counted from 0\): got a NumPy array, allowed a tensor"
        ) as raised:
            machine["main"](*arguments)
        one_line(raised)
    np.testing.assert_array_equal(machine["main"](tvm.runtime.tensor(array)).numpy(), np.ones((4, 4)))


def test_a_module_may_be_exported_and_one_without_kernels_is_refused(tmp_path):
    mod = programs.scale_add(8)
    with pytest.raises(Unsupported, match=r"bind its loops to blockIdx\.x and threadIdx\.x") as raised:
        export_webgpu(mod, tmp_path / "unbound.json")
    one_line(raised)
    sch = tvm.s_tir.Schedule(mod)
    sch.bind(sch.get_loops("Y")[0], "threadIdx.x")
    assert export_webgpu(sch.mod, tmp_path / "a.json").read_text() == export_webgpu(
        sch, tmp_path / "b.json"
    ).read_text().replace('"b"', '"a"')


@pytest.mark.parametrize("schedule", [dlight_schedule, scheduled_model])
def test_a_block_that_no_rule_knows_is_told_and_the_cause_is_kept(schedule):
    mod = tvm.IRModule({"main": without_axes.with_attr("global_symbol", "main")})
    with pytest.raises(
        ValueError, match=r"no rule fits a function of the module \(main\); .* give every block"
    ) as raised:
        schedule(mod)
    assert one_line(raised).startswith(f"{schedule.__name__}: ")
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize("batch", [2.5, "4", 0, True])
@pytest.mark.parametrize("made", [cnn_module, mlp_with_operators])
def test_a_batch_that_is_no_whole_number_is_refused(batch, made):
    with pytest.raises(ValueError, match=f"batch: got {batch!r}, allowed 1 and above"):
        made(batch)


@pytest.mark.parametrize("made", [cnn_module, mlp_with_operators])
def test_a_batch_may_be_an_integer_of_numpy(made):
    assert tvm_ffi.structural_equal(made(np.int64(3)), made(3))


@pytest.mark.parametrize(
    ("value", "count"), [(3, 3), (np.int8(3), 3), (True, None), (np.bool_(True), None), (3.0, None)]
)
def test_what_counts_is_a_whole_number_of_python_or_numpy_and_no_truth_value(value, count):
    assert whole_number(value) == count


@pytest.mark.parametrize(
    ("lines", "result", "told"),
    [
        (["a = R.nn.rellu(x)"], "a", "there is no R.nn.rellu; did you mean R.nn.relu?"),
        (["a = R.exp(y)"], "a", "nothing is called 'y' here; known are x"),
        (["a = R.exp(x"], "a", "cannot be read"),
        (["R.exp(x)"], "x", "is no binding"),
        (["a = R.exp(x)"], "b", "nothing is called 'b' here; known are x, a"),
        (["a = R.matmul(x, x)"], "a", "TVM refuses the graph: Matmul requires the reduction length"),
        (["a = R.exp(a)"], "a", "nothing is called 'a' here; known are x"),
        (['a: R.Tensor((2, 3), "float32") = R.exp(b)'], "a", "nothing is called 'b' here"),
        (['a: R.Tensor((2, 3), "float32")'], "x", "is no binding"),
        (["a = R.reshape(x, [n for n in (3, 2)])", "b = R.exp(n)"], "b", "nothing is called 'n' here; known are x, a"),
        (['a = R.const(fload("inf"))'], "a", "nothing is called 'fload' here"),
    ],
)
def test_a_typo_in_a_sketch_is_told_in_one_line(lines, result, told):
    with pytest.raises(ValueError, match=r"^Sketch: ") as raised:
        Sketch({"x": (2, 3)}, lines, result).module()
    assert told in one_line(raised)


@pytest.mark.parametrize(
    "line",
    [
        'a: R.Tensor((2, 3), "float32") = R.exp(x)',
        'a = R.minimum(x, R.const(float("inf"), "float32"))',
        "a = R.permute_dims(x, [1 - n for n in range(2)])",
    ],
)
def test_a_sketch_may_have_annotations_builtins_and_comprehensions(line):
    mod = Sketch({"x": (2, 3)}, [line, "b = R.exp(a)"], "b").module()
    x = np.ones((2, 3), "float32")
    assert np.isfinite(run_graph(mod, x)).all()


def test_the_oracle_of_a_sketch_reads_annotated_bindings():
    sketch = Sketch({"x": (2,)}, ['a: R.Tensor((2,), "float32") = R.exp(x)'], "a")
    assert np.allclose(sketch.oracle(np.zeros(2)), 1)


def test_the_memory_of_ten_operators_is_drawn_and_of_too_many_refused():
    title = Text("Memory", "内存")
    assert draw_memory(chain(10), title).render("en").count(">10<") == 2
    with pytest.raises(ValueError, match="mod: got 19 calls, at most 18 fit on a board") as raised:
        draw_memory(chain(19), title)
    one_line(raised)


@pytest.mark.parametrize("draw", [draw_graph, draw_memory])
def test_a_graph_that_calls_nothing_is_not_drawn(draw):
    with pytest.raises(ValueError, match="mod: got a function 'main' that calls nothing") as raised:
        draw(Sketch({"x": (2, 3)}, ["y = x"], "y").module(), Text("Nothing", "空"))
    one_line(raised)


def test_a_graph_without_parameters_is_drawn():
    mod = Sketch({}, ['y = R.zeros((2, 3), "float32")', "z = R.exp(y)"], "z").module()
    assert "exp" in draw_graph(mod, Text("Two calls", "两次调用")).render("en")
