"""Convolution, softmax, layer normalization and the peak loop: structure, numbers, and what their schedules refuse."""

import numpy as np
import pytest
from tvm import tirx
from tvm.s_tir import Schedule, ScheduleError

from mlc_ref.checks.equivalence import equivalent
from mlc_ref.checks.loops import Loop, has_loop
from mlc_ref.checks.memory import allocations, buffer_bytes
from mlc_ref.harness import build, run
from mlc_ref.schedules import programs as plain
from mlc_ref.schedules.kernels import conv, peak, prefetch, programs, rows
from mlc_ref.schedules.tiles import STACK_BUFFER_BYTES
from mlc_ref.targets import CpuFeatures

CPUS = {
    "avx512": CpuFeatures(avx2=True, avx512=True),
    "avx2": CpuFeatures(avx2=True),
    "neon": CpuFeatures(neon=True),
    "nothing known": CpuFeatures(),
}
rng = np.random.default_rng(0)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize(("height", "width", "channels", "filters"), [(3, 5, 4, 32), (7, 7, 3, 64), (2, 12, 16, 16)])
def test_the_convolution_is_the_naive_one_with_bias_and_relu(cpu, height, width, channels, filters):
    x = rng.standard_normal((height, width, channels), dtype="float32")
    w = rng.standard_normal((3, 3, channels, filters), dtype="float32")
    b = rng.standard_normal(filters, dtype="float32")
    tiles = conv.conv_tiles(width, filters, CPUS[cpu])
    program = programs.conv2d_bias_relu(height, width, channels, filters)
    out = [((height, width, filters), "float32")]
    (found,) = run(conv.register_tiled(program, tiles).mod, [x, conv.pack_weights(w, tiles), b], out)
    padded = np.pad(x.astype("float64"), ((1, 1), (1, 1), (0, 0)))
    sums = sum(padded[r : r + height, s : s + width] @ w[r, s] for r in range(3) for s in range(3))
    np.testing.assert_allclose(found, np.maximum(sums + b, 0), rtol=1e-4, atol=1e-4)
    (naive,) = run(program, [x, w, b], out)
    np.testing.assert_allclose(naive, found, rtol=1e-4, atol=1e-4)


def test_the_convolution_sums_in_registers_and_shares_filters_and_rows_among_threads():
    tiles = conv.ConvTiles(lanes=16, pixels=7, vectors=2)
    sch = conv.register_tiled(programs.conv2d_bias_relu(14, 14, 32, 64), tiles)
    has_loop(sch, "Y", Loop(kind="parallel", extent=2 * 14))
    has_loop(sch, "Y", Loop(kind="vectorized", extent=16))
    (acc,) = [buffer for buffer in allocations(sch) if buffer.scope() == "local"]
    assert buffer_bytes(acc) == 4 * tiles.pixels * tiles.columns <= STACK_BUFFER_BYTES


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("width", [56, 28, 14, 7])
def test_the_tile_of_a_convolution_fits_the_registers_and_leaves_no_pixel_over(cpu, width):
    tiles = conv.conv_tiles(width, 64, CPUS[cpu])
    assert width % tiles.pixels == 0
    assert tiles.pixels * tiles.vectors + tiles.vectors + 1 <= CPUS[cpu].vector_registers


def test_filters_that_fill_no_vector_are_refused():
    with pytest.raises(ValueError, match="filters: got 24, allowed multiples of the 16 lanes"):
        conv.conv_tiles(7, 24, CPUS["avx512"])


def test_a_tile_that_does_not_divide_the_image_is_refused():
    with pytest.raises(ValueError, match="must divide 14 pixels and 32 filters"):
        conv.register_tiled(programs.conv2d_bias_relu(14, 14, 8, 32), conv.ConvTiles(16, 4, 2))


def test_the_convolutions_schedule_refuses_another_program():
    with pytest.raises(ScheduleError, match="Y"):
        conv.register_tiled(plain.matmul(8, 8, 8), conv.ConvTiles(16, 4, 2))


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize(("m", "n", "step"), [(1, 16, 4), (8, 48, 4), (6, 64, 1), (7, 32, 2)])
@pytest.mark.parametrize("program", [programs.softmax, programs.layer_norm])
def test_rows_fused_compute_what_the_steps_compute(program, m, n, step, cpu):
    equivalent(rows.by_rows(program(m, n), CPUS[cpu], rows=step), program(m, n))


def test_softmax_is_that_of_numpy_also_for_large_and_far_apart_values():
    x = (rng.standard_normal((4, 64)) * 30).astype("float32")
    x[0, 0] = 1000.0
    (found,) = run(rows.by_rows(programs.softmax(4, 64)).mod, [x], [((4, 64), "float32")])
    e = np.exp(x.astype("float64") - x.max(1, keepdims=True).astype("float64"))
    np.testing.assert_allclose(found, e / e.sum(1, keepdims=True), rtol=1e-4, atol=1e-37)


def test_the_written_out_exponential_keeps_its_error_bound():
    x = np.linspace(-20, 0, 4096, dtype="float32").reshape(1, -1)
    (found,) = run(programs.softmax(1, 4096), [x], [((1, 4096), "float32")])
    e = np.exp(x.astype("float64"))
    np.testing.assert_allclose(found, e / e.sum(), rtol=2e-6)


def test_layer_norm_is_that_of_numpy_also_far_from_zero():
    x, g, b = (rng.random(shape, dtype="float32") + 100 for shape in ((4, 64), 64, 64))
    (found,) = run(rows.by_rows(programs.layer_norm(4, 64)).mod, [x, g, b], [((4, 64), "float32")])
    wide = x.astype("float64")
    right = (wide - wide.mean(1, keepdims=True)) / np.sqrt(wide.var(1, keepdims=True) + 1e-5) * g + b
    np.testing.assert_allclose(found, right, atol=2e-2)


def test_all_steps_of_a_row_stand_in_one_parallel_loop():
    sch = rows.by_rows(programs.softmax(8, 64), CPUS["avx512"], rows=2)
    for block in ("top_update", "E", "total_update", "inverse", "Y"):
        has_loop(sch, block, Loop(kind="parallel", extent=4))
    has_loop(sch, "E", Loop(kind="vectorized", extent=16))


def asked_for(sch, array: str) -> tuple[str, str]:
    """The one request for a line of an array, and the block after it."""
    lines = [line.strip() for line in sch.mod.script().splitlines()]
    (place,) = (k for k, line in enumerate(lines) if f"prefetch(T.address_of({array}[" in line)
    block = next(line for line in lines[place:] if "sblock" in line)
    return lines[place], block


def test_an_element_wise_second_step_asks_for_the_next_rows_and_those_of_the_result():
    sch = rows.by_rows(programs.softmax(8, 64), CPUS["avx512"], rows=2)
    here, block = "i_0 * 2 + ax0", 'with T.sblock("E"):'
    assert asked_for(sch, "X") == (f"T.prefetch(T.address_of(X[T.min({here} + 2, 7), ax1_0 * 16]), 0, 3, 1)", block)
    assert asked_for(sch, "Y") == (f"T.prefetch(T.address_of(Y[{here}, ax1_0 * 16]), 1, 3, 1)", block)


def test_a_sum_as_second_step_leaves_the_rows_of_the_result_to_the_first():
    sch = rows.by_rows(programs.layer_norm(8, 64), CPUS["avx512"], rows=2)
    (read, reader), (write, writer) = asked_for(sch, "X"), asked_for(sch, "Y")
    assert read == "T.prefetch(T.address_of(X[T.min(i_0 * 2 + ax1 + 2, 7), ax2 * 16]), 0, 3, 1)"
    assert write == "T.prefetch(T.address_of(Y[i_0 * 2 + ax1, ax2 * 16]), 1, 3, 1)"
    assert (reader, writer) == ('with T.sblock("squares_rf_update"):', 'with T.sblock("total_rf_update"):')


def test_a_request_for_memory_becomes_an_instruction():
    code = build(rows.by_rows(programs.softmax(8, 64)).mod).mod.inspect_source("ll")
    assert "call void @llvm.prefetch" in code


def test_statements_go_to_the_start_of_the_loop_asked_for():
    sch = Schedule(plain.scale_add(8))
    (i,) = sch.get_loops("Y")
    source = sch.mod["main"].params[0]
    ahead = prefetch.prefetch(tirx.BufferLoad(source, [sch.get(i).loop_var]), prefetch.READ)
    lines = [line.strip() for line in prefetch.at_start_of(sch, i, [ahead]).mod.script().splitlines()]
    start = next(k for k, line in enumerate(lines) if line.startswith("for i"))
    assert lines[start + 1] == "T.prefetch(T.address_of(X[i]), 0, 3, 1)"
    assert lines[start + 2] == 'with T.sblock("Y"):'


def test_a_loop_keeps_its_thread_when_statements_are_put_into_another():
    sch = Schedule(plain.scale_add(64))
    outer, inner = sch.split(sch.get_loops("Y")[0], [None, 8])
    sch.bind(outer, "blockIdx.x")
    element = tirx.BufferLoad(sch.mod["main"].params[0], [0])
    found = prefetch.at_start_of(sch, inner, [prefetch.prefetch(element, prefetch.READ)])
    has_loop(found, "Y", Loop(kind="blockIdx.x", extent=8))


def test_a_loop_inside_a_block_is_refused():
    sch = Schedule(plain.scale_add(64))
    _outer, inner = sch.split(sch.get_loops("Y")[0], [None, 8])
    sch.blockize(inner)
    element = tirx.BufferLoad(sch.mod["main"].params[0], [0])
    with pytest.raises(ValueError, match="got a loop inside a block, allowed those of the root block"):
        prefetch.at_start_of(sch, sch.get_loops("Y")[-1], [prefetch.prefetch(element, prefetch.READ)])


def test_memory_is_asked_for_to_read_or_to_write_only():
    sch = Schedule(plain.scale_add(8))
    element = tirx.BufferLoad(sch.mod["main"].params[0], [0])
    with pytest.raises(ValueError, match=r"intent: got 2, allowed 0 \(read\) and 1 \(write\)"):
        prefetch.prefetch(element, 2)


def test_rows_that_fill_no_vector_are_refused():
    with pytest.raises(ValueError, match="row: got 20 elements, allowed multiples of the 16 lanes"):
        rows.by_rows(programs.softmax(4, 20), CPUS["avx512"])


def test_a_program_of_one_step_over_the_rows_is_refused():
    with pytest.raises(ValueError, match="steps over every element: got Y, allowed two or more that share a row"):
        rows.by_rows(plain.transpose(16, 32), CPUS["avx512"])


def test_the_peak_loop_makes_the_multiply_adds_it_counts():
    tasks, steps, features = 2, 5, CPUS["avx2"]
    width = peak.flops(tasks, steps, features) // (2 * tasks * steps)
    (found,) = run(
        peak.peak_loop(tasks, steps, features).mod, [np.array([0.5, 0.25], "float32")], [((tasks, width), "float32")]
    )
    value = 1.0
    for _ in range(steps):
        value = value * 0.5 + 0.25
    np.testing.assert_allclose(found, value)


def test_the_peak_loop_keeps_its_sums_in_registers():
    sch = peak.peak_loop(2, 5, CPUS["avx512"])
    has_loop(sch, "Y_update", Loop(kind="parallel", extent=2))
    has_loop(sch, "Y_update", Loop(kind="vectorized", extent=16))
    assert [buffer.scope() for buffer in allocations(sch)] == ["local"]
