"""The introduction's function at every level, against the float64 oracle."""

import subprocess
import sys

import numpy as np
import pytest
import tvm
from tvm.ir import assert_structural_equal

from mlc_ref import harness
from mlc_ref.introduction import chain, levels, reference, schedules, serve
from mlc_ref.introduction.counting import Layer
from mlc_ref.introduction.digits import accuracy, digits_layer
from mlc_ref.introduction.programs import LinearReluGraph, LinearReluMixed, LinearReluProgram, linear_relu

OUTPUT = [((360, 10), "float32")]
# 64 products and a bias, summed in float32; the sum of absolute values stays below 20 for these weights.
TOLERANCE = 20 * harness.error_bound(65)


@pytest.fixture
def inputs(layer):
    return [layer.x, layer.w, layer.b]


def by_hand(x, w, b):
    return [
        [max(sum(float(x[i, k]) * float(w[k, j]) for k in range(w.shape[0])) + float(b[j]), 0) for j in range(len(b))]
        for i in range(len(x))
    ]


def test_the_oracle_agrees_with_sums_written_out():
    rng = np.random.default_rng(1)
    x, w, b = (rng.standard_normal(shape).astype("float32") for shape in ((3, 5), (5, 2), (2,)))
    found = reference.linear_relu(x, w, b)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, by_hand(x, w, b), rtol=1e-12)
    assert (found == 0).any()


@pytest.mark.parametrize("shapes", [((3, 5), (4, 2), (2,)), ((3, 5), (5, 2), (1,)), ((5,), (5, 2), (2,))])
def test_the_oracle_refuses_shapes_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match=r"shapes: got x .* allowed \(n, k\), \(k, m\), \(m,\)"):
        reference.linear_relu(*(np.zeros(shape) for shape in shapes))


def test_bias_relu_writes_every_element_of_the_callers_array():
    h, b = np.array([[1, -2, 3], [0, 5, -6]], "float32"), np.array([-1, 1, -1], "float32")
    y = harness.unwritten((2, 3), "float32")
    reference.bias_relu_into(h, b, y)
    assert y.tolist() == [[0, 0, 2], [0, 6, 0]]


def test_the_layer_fits_the_digits_it_has_not_seen(layer, oracle):
    assert [v.shape for v in (layer.x, layer.labels, layer.w, layer.b)] == [(360, 64), (360,), (64, 10), (10,)]
    assert {v.dtype.name for v in (layer.x, layer.w, layer.b)} == {"float32"}
    assert accuracy(oracle, layer.labels) > 0.8
    assert (oracle == 0).mean() > 0.2


def test_the_fitted_weights_are_a_stationary_point_of_the_penalized_error(layer):
    from sklearn.datasets import load_digits

    data = load_digits()
    seen, wanted = data.data[:1437] / 16, np.eye(10)[data.target[:1437]]
    residual = seen @ layer.w + layer.b - wanted
    np.testing.assert_allclose(seen.T @ residual + layer.w, 0, atol=1e-3)
    np.testing.assert_allclose(residual.sum(axis=0) + layer.b, 0, atol=1e-3)


def test_a_layer_without_penalty_is_refused():
    with pytest.raises(ValueError, match="penalty: got 0, must be positive"):
        digits_layer(0)


def test_accuracy_counts_rows_whose_maximum_stands_at_the_label():
    assert accuracy(np.array([[1, 2], [3, 0], [0, 1], [5, 6]]), np.array([1, 0, 0, 1])) == 0.75


def test_the_graph_agrees_before_and_after_lowering(inputs, oracle):
    lowered = tvm.relax.get_pipeline("zero")(LinearReluGraph)
    for mod in (LinearReluGraph, tvm.relax.transform.LegalizeOps()(LinearReluGraph), lowered):
        assert levels.largest_error(levels.run_graph(mod, *inputs), oracle) < TOLERANCE


def test_the_mixed_module_agrees_and_calls_the_library(inputs, oracle):
    levels.register_library()
    assert levels.largest_error(levels.run_graph(LinearReluMixed, *inputs), oracle) < TOLERANCE


def test_a_library_that_is_forgotten_is_missed_in_whatever_order_the_cells_are_run(inputs):
    levels.register_library()
    for _ in range(2):
        levels.forget_library()
        with pytest.raises(Exception, match=r"Cannot find ffi::Function mlc\.introduction\.matmul"):
            levels.run_graph(LinearReluMixed, *inputs)
    levels.register_library()
    levels.run_graph(LinearReluMixed, *inputs)


def test_every_schedule_of_the_tensor_program_agrees(inputs, oracle):
    for mod in (LinearReluProgram, schedules.for_cpu(LinearReluProgram).mod):
        (found,) = harness.run(mod, inputs, OUTPUT, "linear_relu")
        assert levels.largest_error(found, oracle) < TOLERANCE


def test_for_cpu_is_a_row_loop_around_three_vector_loops():
    sch = schedules.for_cpu(LinearReluProgram)
    shape = {
        name: [(sch.get(loop).extent.value, int(sch.get(loop).kind)) for loop in sch.get_loops(sch.get_sblock(name))]
        for name in ("linear_init", "linear_update", "bias_relu")
    }
    serial, vector = (int(tvm.tirx.ForKind.SERIAL), int(tvm.tirx.ForKind.VECTORIZED))
    row, lanes = (360, serial), (10, vector)
    assert shape == {
        "linear_init": [row, lanes],
        "linear_update": [row, (64, serial), lanes],
        "bias_relu": [row, lanes],
    }


def test_for_gpu_binds_images_to_blocks_and_scores_to_threads():
    sch = schedules.for_gpu(LinearReluProgram)
    sch.work_on("linear_relu")
    loops = [sch.get(loop) for loop in sch.get_loops(sch.get_sblock("linear"))]
    threads = [loop.thread_binding.thread_tag if loop.thread_binding is not None else None for loop in loops]
    assert threads == ["blockIdx.x", "threadIdx.x", None]
    assert [loop.extent.value for loop in loops] == [360, 10, 64]


@pytest.mark.parametrize("schedule", [schedules.for_cpu, schedules.for_gpu])
def test_a_schedule_refuses_a_module_without_the_function(schedule):
    with pytest.raises(Exception, match="linear_relu"):
        schedule(LinearReluMixed)


def test_a_schedule_leaves_the_module_it_was_given_unchanged():
    before = tvm.ir.load_json(tvm.ir.save_json(LinearReluProgram))
    schedules.for_cpu(LinearReluProgram)
    schedules.for_gpu(LinearReluProgram)
    assert_structural_equal(LinearReluProgram, before)


def test_every_stage_of_the_chain_gives_the_same_answer(inputs, oracle):
    stages = chain.stages(LinearReluGraph)
    assert list(stages) == ["graph", "lower", "fuse", "schedule"]
    for mod in stages.values():
        assert levels.largest_error(levels.run_graph(mod, *inputs), oracle) < TOLERANCE


def test_the_chain_ends_with_one_loop_nest_over_rows():
    stages = chain.stages(LinearReluGraph)

    def root(name):
        sch = tvm.s_tir.Schedule(stages[name])
        sch.work_on(chain.FUSED)
        return sch.get(sch.get_sblock("root")).body

    assert len(root("fuse").seq) == 3
    assert isinstance(root("schedule"), tvm.tirx.For)
    assert int(root("schedule").extent) == 360


def test_the_steps_of_the_chain_cannot_change_places():
    with pytest.raises(Exception, match=chain.FUSED):
        chain.schedule(chain.lower(LinearReluGraph))


def test_anatomy_counts_functions_and_calls_by_abstraction():
    legal = tvm.relax.transform.LegalizeOps()(LinearReluGraph)
    fused = tvm.relax.get_pipeline("zero")(LinearReluGraph)
    assert levels.describe(LinearReluGraph) == levels.Anatomy(graphs=1, operators=3)
    assert levels.describe(legal) == levels.Anatomy(graphs=1, tensor_programs=3, program_calls=3)
    assert levels.describe(fused) == levels.Anatomy(graphs=1, tensor_programs=1, program_calls=1)
    assert levels.describe(LinearReluProgram) == levels.Anatomy(tensor_programs=1)
    assert levels.describe(LinearReluMixed) == levels.Anatomy(1, 1, 0, 1, 1)


@pytest.fixture(scope="module")
def executable():
    return harness.build(schedules.for_cpu(LinearReluProgram).mod)


def test_the_llvm_excerpt_is_the_computation_alone(executable):
    text = levels.llvm_excerpt(executable)
    assert text.startswith("define ")
    assert text.endswith("}")
    assert "<10 x float> @llvm.fmuladd" in text
    assert "dbg" not in text


def test_the_assembly_excerpt_starts_at_the_function_and_has_no_directives(executable):
    lines = levels.assembly_excerpt(executable).splitlines()
    assert lines[0].lstrip("_").startswith("linear_relu_compute_:")
    assert not [line for line in lines if line.lstrip().startswith((".cfi", ".loc", "#"))]


def test_one_module_gives_each_cpu_its_own_multiply_add():
    mod = schedules.for_cpu(LinearReluProgram).mod
    texts = {
        name: levels.assembly_excerpt(tvm.compile(mod, tvm.target.Target(cpu))) for name, cpu in levels.CPUS.items()
    }
    found = {name: [word in text for word in ("mulps", "fmadd", "fmla")] for name, text in texts.items()}
    assert found == {
        "x86-64, any": [True, False, False],
        "x86-64 with AVX2": [False, True, False],
        "Arm Neoverse N1": [False, False, True],
    }


@pytest.mark.parametrize("excerpt", [levels.llvm_excerpt, levels.assembly_excerpt])
def test_an_excerpt_of_an_unknown_function_is_refused(excerpt, executable):
    with pytest.raises(ValueError, match="name: got 'softmax'"):
        excerpt(executable, "softmax")


def test_lines_around_the_first_hit_stop_at_the_ends_of_the_text():
    text = "a\nb\nneedle 1\nc\nneedle 2"
    assert levels.lines_around(text, "needle", 1, 1) == "b\nneedle 1\nc"
    assert levels.lines_around(text, "a", 5, 0) == "a"
    with pytest.raises(ValueError, match="word: got 'z', none of the 5 lines"):
        levels.lines_around(text, "z", 1, 1)


def test_largest_error_refuses_shapes_numpy_would_broadcast():
    assert levels.largest_error(np.array([1.0, 2.0]), np.array([1.0, 2.5])) == 0.5
    with pytest.raises(ValueError, match=r"shape: got \(1,\), the oracle has \(3,\)"):
        levels.largest_error(np.zeros(1), np.zeros(3))


def test_counts_of_a_small_layer_by_hand():
    layer = Layer(batch=2, inputs=3, outputs=5, item_bytes=2)
    assert layer.flops == 10 * 3 + 10 * 3 + 10 + 10
    assert layer.parameter_bytes == 2 * (15 + 5)
    assert layer.separate_bytes == 2 * ((6 + 15 + 10) + (10 + 5 + 10) + (10 + 10))
    assert layer.fused_bytes == 2 * (6 + 15 + 5 + 10)


def test_the_smallest_layer_has_four_operations():
    assert Layer(1, 1, 1).flops == 4


@pytest.mark.parametrize("field", ["batch", "inputs", "outputs", "item_bytes"])
def test_a_size_below_one_is_refused(field):
    sizes = {"batch": 1, "inputs": 1, "outputs": 1, "item_bytes": 4}
    with pytest.raises(ValueError, match=f"{field}: got 0, must be at least 1"):
        Layer(**{**sizes, field: 0})


def test_fused_bytes_are_the_buffers_of_the_tensor_programs_arguments():
    buffers = LinearReluProgram["linear_relu"].params
    elements = sum(int(np.prod([int(n) for n in buffer.shape])) for buffer in buffers)
    assert Layer(360, 64, 10).fused_bytes == 4 * elements


def test_the_deployed_program_needs_neither_pytorch_nor_the_compiler(executable, layer, oracle, tmp_path):
    library, arrays = tmp_path / "layer.so", tmp_path / "arrays.npz"
    executable.export_library(str(library))
    np.savez(arrays, x=layer.x, w=layer.w, b=layer.b)
    done = subprocess.run([sys.executable, serve.__file__, library, arrays], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'torch': False, 'tvm': False, 'tvm_ffi': True}"
    found = np.load(f"{arrays}.result.npy")
    assert levels.largest_error(found, oracle) < TOLERANCE


def test_the_program_for_other_sizes_is_the_program_of_the_chapter():
    assert_structural_equal(linear_relu(360, 64, 10), LinearReluProgram)
