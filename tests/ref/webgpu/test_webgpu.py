"""Artefacts: from a scheduled program to WGSL and what a page needs to run it."""

import json
from dataclasses import replace

import numpy as np
import pytest
import tvm
from present import present
from tvm import te, topi
from tvm.s_tir import Schedule
from webgpu_programs import elementwise, extern_call, race, symbolic, three_axes, unbound

from mlc_ref.gpu import programs, reference
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add
from mlc_ref.gpu_sim import DataRace
from mlc_ref.webgpu import Unsupported, compile_kernels, export_webgpu, from_json, limits, simulated, with_reference
from mlc_ref.webgpu.compiling import inputs_of
from mlc_ref.webgpu.limits import webgpu_target
from mlc_ref.webgpu.reference import disagreement, expect, group_sums, hashes, recipe


def added(n: int = 1000):
    return vector_add.one_element_a_thread(Schedule(programs.vector_add(n)))


def test_a_vector_addition_is_described_in_full():
    artefact = compile_kernels(added(), "add")
    assert [(t.name, t.shape, t.dtype, t.role) for t in artefact.tensors] == [
        ("A", (1000,), "float32", "input"), ("B", (1000,), "float32", "input"), ("C", (1000,), "float32", "output"),
    ]  # fmt: skip
    assert artefact.storages == (4000, 4000, 4000)
    (kernel,), (launch,) = artefact.kernels, artefact.launches
    assert (kernel.block, kernel.shared_bytes, kernel.access) == ((128, 1, 1), 0, ("read", "read", "read_write"))
    assert (launch.grid, launch.tensors, launch.uniform) == ((8, 1, 1), (0, 1, 2), (7,))
    assert "@compute @workgroup_size(128, 1, 1)" in kernel.wgsl


def test_a_sum_in_two_kernels_keeps_its_partial_sums_in_a_temporary():
    artefact = compile_kernels(reduction.two_kernels(Schedule(programs.total(10_000))), "total")
    assert [t.role for t in artefact.tensors] == ["input", "output", "temporary"]
    assert [launch.tensors for launch in artefact.launches] == [(0, 2), (1, 2)]
    assert [launch.grid for launch in artefact.launches] == [(8, 1, 1), (1, 1, 1)]


@pytest.mark.parametrize("name", matmul.LADDER)
def test_grids_and_shared_memory_follow_the_schedule(name: str):
    artefact = compile_kernels(matmul.LADDER[name](Schedule(programs.matmul(100, 70, 30))), name)
    (kernel,), (launch,) = artefact.kernels, artefact.launches
    side = 16 if name in ("naive", "local_sum") else 64
    assert launch.grid == (-(-70 // side), -(-100 // side), 1)
    assert kernel.block == (16, 16, 1)
    assert kernel.shared_bytes == (2 * 4 * 64 * 16 if name in list(matmul.LADDER)[3:] else 0)


def test_a_grid_longer_than_a_page_may_launch_is_folded_into_its_third_axis():
    blocks = 70_000
    artefact = compile_kernels(vector_add_with_blocks_of(64, blocks * 64), "long")
    (launch,) = artefact.launches
    x, y, z = launch.grid
    assert (x, y, z) == (35_000, 1, 2)
    assert launch.uniform == (blocks - 1,)


def vector_add_with_blocks_of(threads: int, n: int) -> Schedule:
    sch = Schedule(programs.vector_add(n))
    block, thread = sch.split(sch.get_loops("add")[0], [None, threads])
    sch.bind(block, "blockIdx.x")
    sch.bind(thread, "threadIdx.x")
    return sch


@pytest.mark.parametrize("features", [(), ("shader-f16",)])
def test_float16_needs_its_feature(features):
    mod = elementwise(64, "float16")
    if features:
        assert compile_kernels(mod, "half", features=features).features == features
    else:
        with pytest.raises(
            Unsupported, match=r"float16, which needs the feature shader-f16 .*, allowed float32, int32, "
        ):
            compile_kernels(mod, "half")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (symbolic, r"parameter A: got the symbolic shape \(n\), allowed numbers"),
        (extern_call, r'got a call of "?sinf"?, allowed TensorIR alone'),
        (unbound, r"outside every kernel|bind loops"),
        (three_axes, r"got blockIdx\.z, allowed blockIdx\.x and blockIdx\.y"),
    ],
)
def test_what_cannot_run_in_a_page_is_refused_with_its_name(make, message: str):
    with pytest.raises(Unsupported, match=message):
        compile_kernels(make(), "refused")


def test_a_sort_is_refused_by_name():
    """TVM's sort for a GPU takes buffers from any element on, and starts its kernels in a loop."""
    with webgpu_target():
        data = te.placeholder((64,), name="keys", dtype="float32")
        func = te.create_prim_func([data, topi.gpu.sort(data)])
    with pytest.raises(Unsupported, match=r"parameter keys: got elements from elem_offset on, as TVM's sort"):
        compile_kernels(tvm.IRModule({"main": func}), "sort")


def test_a_function_that_is_not_there_is_refused():
    with pytest.raises(Unsupported, match="entry: got 'other', allowed main"):
        compile_kernels(added(), "add", entry="other")


def test_more_threads_than_every_device_has_are_refused():
    with pytest.raises(Unsupported, match=r"kernel main_kernel: got 1024 threads a block, allowed at most 256"):
        compile_kernels(vector_add_with_blocks_of(1024, 4096), "wide")


def test_more_shared_memory_than_every_device_has_is_refused():
    sch = matmul.shared_blocking(Schedule(programs.matmul(128, 128, 128)), matmul.Tiling(depth=64))
    with pytest.raises(Unsupported, match=r"kernel main_kernel: .* 32768 bytes, .* only 16384"):
        compile_kernels(sch, "deep")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": ("telepathy",)}, "feature: got 'telepathy', allowed shader-f16"),
        ({"storages": (4000, 4000, 0)}, r"storage 2: got 0 bytes"),
        ({"storages": (4000, 4000, 400)}, r"tensor C: got 4000 bytes, allowed 1 to 400, its storage"),
        ({"weights": b"1234"}, "weights: got 4 bytes, allowed 0"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(change, message: str):
    with pytest.raises(Unsupported, match=message):
        replace(compile_kernels(added(), "add"), **change)


def test_a_kernel_may_not_write_a_storage_it_also_reads():
    artefact = compile_kernels(added(), "add")
    shared = (artefact.tensors[0], artefact.tensors[1], replace(artefact.tensors[2], storage=0))
    with pytest.raises(Unsupported, match="written and shares its storage"):
        replace(artefact, tensors=shared)


def test_more_buffers_than_a_kernel_may_bind_are_refused():
    artefact = compile_kernels(added(), "add")
    with pytest.raises(Unsupported, match="got 9 buffers, allowed at most 8"):
        replace(artefact, kernels=(replace(artefact.kernels[0], access=("read",) * 9),))


def test_a_launch_of_more_threads_than_a_page_should_start_is_refused():
    artefact = compile_kernels(added(), "add")
    with pytest.raises(Unsupported, match=r"threads, allowed at most 268435456"):
        replace(artefact, launches=(replace(artefact.launches[0], grid=(65535, 65535, 1)),))


@pytest.mark.parametrize("step", [transpose.padded, transpose.naive])
def test_an_artefact_comes_back_from_json_as_it_was(step):
    mod = step(Schedule(programs.transpose(64, 96))).mod
    artefact = compile_kernels(mod, "transpose")
    artefact = with_reference(artefact, simulated(mod, artefact))
    assert from_json(artefact.to_json()) == artefact


def test_json_of_another_version_is_refused():
    data = json.loads(compile_kernels(added(), "add").to_json())
    with pytest.raises(Unsupported, match="format: got 'mlc-webgpu' 4, allowed mlc-webgpu 1 or 2 or 3"):
        from_json(json.dumps(data | {"version": 4}))


def test_an_exported_file_holds_what_the_simulator_computed(tmp_path):
    sch = matmul.vectorized_fetch(Schedule(programs.matmul(40, 24, 16)))
    artefact = from_json(export_webgpu(sch, tmp_path / "product.json").read_text("utf-8"))
    _, (a, b) = inputs_of(artefact)
    assert artefact.name == "product"
    assert artefact.reference is not None
    assert disagreement(artefact.reference.outputs[0], reference.matmul(a, b)) is None
    assert disagreement(artefact.reference.outputs[0], reference.matmul(a, b) + 1e-3) is not None


def test_a_kernel_the_simulator_refuses_is_not_exported(tmp_path):
    with pytest.raises(DataRace):
        export_webgpu(Schedule(race()), tmp_path / "race.json")
    assert not list(tmp_path.iterdir())


def test_an_export_needs_a_name_the_page_knows(tmp_path):
    with pytest.raises(ValueError, match=r"path: got 'product.bin', allowed a name that ends in '.json'"):
        export_webgpu(added(), tmp_path / "product.bin")


def test_hashes_are_those_of_the_page():
    assert hashes(3, 1).tolist() == list(HASHES_OF_SEED_1)


# The same numbers stand in tests/js/webgpu_reference.test.mjs.
HASHES_OF_SEED_1 = (33350994, 2672842292, 127880910)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "uint32"])
def test_recipes_are_exact_in_their_type(dtype: str):
    values = recipe((50, 40), dtype, 3)
    assert values.dtype == dtype
    assert np.array_equal(values.astype("float64"), values.astype("float64").astype(dtype).astype("float64"))
    assert len(np.unique(values)) > 200
    if dtype.startswith("float"):
        assert -1 <= values.min() < -0.9
        assert 0.9 < values.max() < 1


def test_sums_notice_one_wrong_element_and_two_that_changed_places():
    values = np.random.default_rng(0).random((80, 80))
    expected = expect(0, values, 1e-5)
    assert expected.kind == "sums"
    assert disagreement(expected, values.astype("float32")) is None
    wrong = values.copy()
    wrong[40, 3] += 0.01
    assert present(disagreement(expected, wrong)).startswith("1 of 100 groups of 64 differ, first 50")
    swapped = values.copy()
    swapped[0, [0, 1]] = swapped[0, [1, 0]]
    assert disagreement(expected, swapped) is not None


def test_sums_are_shortened_where_that_changes_less_than_an_element_may_be_off_and_kept_otherwise():
    values = np.random.default_rng(1).random((80, 80))
    short, exact = expect(0, values, 1e-5).array(), expect(0, values, 1e-9).array()
    assert np.array_equal(short, short.astype("float32"))
    assert 0 < np.abs(short - group_sums(values)).max() <= 1e-5
    assert np.array_equal(exact, group_sums(values))


def test_nan_is_never_what_was_expected():
    values = np.zeros(5)
    expected = expect(0, values, 1.0)
    assert present(disagreement(expected, np.full(5, np.nan))).startswith("5 of 5 elements differ")
    assert disagreement(expected, np.zeros(4)) == "got 4 numbers, expected 5"


def test_the_target_keeps_to_the_limits_of_every_device():
    assert int(limits.webgpu_target().attrs["max_num_threads"]) == limits.MAX_THREADS
