"""Blocks that are tensor computations, tensorize and its refusals, int8 dot products, Tensor Cores."""

import numpy as np
import pytest
import tvm
from tvm.s_tir import Schedule, ScheduleError

from mlc_ref.checks.loops import kind_of
from mlc_ref.gpu import codegen
from mlc_ref.harness import build, run
from mlc_ref.targets import CpuFeatures, cpu_features
from mlc_ref.tensorization import intrinsics, reference
from mlc_ref.tensorization.programs import toy as toy_programs
from mlc_ref.tensorization.programs.matmul import matmul, tiled_matmul
from mlc_ref.tensorization.schedules import int8, tensor_core, toy
from mlc_ref.tensorization.schedules.tensor_core import WarpTiling


def nest(sch, block):
    loops = [sch.get(loop) for loop in sch.get_loops(block)]
    return " > ".join(f"{kind_of(loop)} {loop.extent}" for loop in loops)


def scopes(sch):
    return {b.name: b.scope() for b in sch.get(sch.get_sblock("root")).alloc_buffers}


# Tiles and blocks


def test_tile_cuts_the_loops_to_the_size_of_the_instruction():
    sch = Schedule(matmul(16, 8, 12))
    assert len(toy.tile(sch)) == 6
    assert nest(sch, "matmul") == "serial 4 > serial 2 > serial 3 > serial 4 > serial 4 > serial 4"


def test_tile_pads_sizes_that_do_not_divide():
    sch = Schedule(matmul(15, 7, 10))
    toy.tile(sch)
    assert nest(sch, "matmul") == "serial 4 > serial 2 > serial 3 > serial 4 > serial 4 > serial 4"
    assert scopes(sch) == {"A_pad": "global", "B_pad": "global", "C_pad": "global"}


def test_blockize_makes_the_program_written_by_hand():
    sch = Schedule(matmul(16, 8, 12))
    toy.blockize(sch)
    assert nest(sch, "matmul_o") == "serial 4 > serial 2 > serial 3"
    outer, by_hand = sch.get(sch.get_sblock("matmul_o")), Schedule(tiled_matmul(16, 8, 12))
    hand = by_hand.get(by_hand.get_sblock("tile"))
    assert [v.iter_type for v in outer.iter_vars] == [v.iter_type for v in hand.iter_vars]
    regions = [[[int(r.extent) for r in access.region] for access in block.reads] for block in (outer, hand)]
    assert regions[0] == regions[1] == [[4, 4], [4, 4]]


def test_blockize_needs_a_tile_that_divides():
    sch = Schedule(matmul(15, 8, 12))
    i, j, p = sch.get_loops("matmul")
    io, ii = sch.split(i, [None, 4])
    sch.reorder(io, j, p, ii)
    with pytest.raises(ScheduleError, match="can not be blockized by the loops"):
        sch.blockize(ii)


# Tensorize


def calls(sch, name):
    return sch.mod.script().count(f'"{name}"')


def test_tensorize_replaces_the_tile_by_one_call():
    sch = toy.tensorize(Schedule(matmul(16, 8, 12)))
    assert nest(sch, "matmul_update_o") == "serial 4 > serial 2 > serial 3"
    assert calls(sch, "toy_mac") == 1
    assert scopes(sch) == {}


def test_tensorize_with_memories_uses_every_instruction():
    sch = toy.tensorize_with_memories(Schedule(matmul(16, 8, 12)))
    assert nest(sch, "matmul_update_o") == "serial 4 > serial 2 > serial 3"
    assert nest(sch, "matmul_init_o") == "serial 4 > serial 2"
    assert [calls(sch, name) for name in ("toy_mac", "toy_copy", "toy_clear")] == [1, 3, 1]
    assert set(scopes(sch).values()) == {toy_programs.SCOPE_A, toy_programs.SCOPE_B, toy_programs.SCOPE_ACC}


def test_lowering_shrinks_the_accelerators_memories_to_one_tile():
    sch = toy.tensorize_with_memories(Schedule(matmul(16, 8, 12)))
    transform = tvm.s_tir.transform
    passes = [transform.PlanAndUpdateBufferAllocationLocation(), transform.ConvertBlocksToOpaque()]
    lowered = tvm.ir.transform.Sequential([*passes, transform.CompactBufferAllocation()])(sch.mod)
    allocations = [line for line in lowered.script().splitlines() if "sblock_alloc_buffer" in line]
    assert len(allocations) == 3
    assert all("((4, 4)" in line for line in allocations)


def test_tensorize_refuses_another_computation():
    """Subtraction where the instruction adds: the description decides, not the loops."""
    intrinsics.register_toy()
    text = matmul(8, 8, 8).script().replace("C[vi, vj] + A[vi, vp] * B", "C[vi, vj] - A[vi, vp] * B")
    sch = Schedule(tvm.script.from_source(text))
    *_, po, i, _, _ = toy.tile(sch)
    sch.decompose_reduction("matmul", po)
    with pytest.raises(
        ScheduleError, match=r"(?s)doesn't match the tensor intrin.*Expression mismatch: .* - .* vs .* \+ "
    ):
        sch.tensorize(i, intrinsics.TOY_MAC)


def test_tensorize_refuses_another_dtype():
    with pytest.raises(ScheduleError, match=r"dtypes: T.float16 vs T.float32"):
        toy.tensorize(Schedule(matmul(8, 8, 8, "float16", "float16", "float32")))


def test_tensorize_refuses_a_block_that_still_initializes():
    intrinsics.register_toy()
    sch = Schedule(matmul(8, 8, 8))
    i = toy.tile(sch)[3]
    with pytest.raises(ScheduleError, match=r"lhs.size\(\)=2 vs rhs.size\(\)=3"):
        sch.tensorize(i, intrinsics.TOY_MAC)


def test_tensorize_refuses_a_tile_of_another_size():
    intrinsics.register_toy()
    sch = Schedule(matmul(16, 16, 16))
    loops = [sch.split(loop, [None, 8]) for loop in sch.get_loops("matmul")]
    sch.reorder(*(outer for outer, _ in loops), *(inner for _, inner in loops))
    sch.decompose_reduction("matmul", loops[2][0])
    with pytest.raises(ScheduleError, match=r"buffer extent mismatch"):
        sch.tensorize(loops[0][1], intrinsics.TOY_MAC)


def test_tensorize_refuses_operands_in_another_memory():
    intrinsics.register_toy()
    sch = Schedule(matmul(8, 8, 8))
    *_, po, i, _, _ = toy.tile(sch)
    sch.decompose_reduction("matmul", po)
    with pytest.raises(ScheduleError, match=r"scope\(\): global vs global.toy_acc"):
        sch.tensorize(i, intrinsics.TOY_MAC_TILES)


def test_an_instruction_nobody_registered_is_unknown():
    sch = Schedule(matmul(8, 8, 8))
    i = toy.tile(sch)[3]
    with pytest.raises(ValueError, match="unknown_instruction"):
        sch.tensorize(i, "unknown_instruction")


# int8


INT8_SHAPES = [(8, 32, 16), (16, 16, 4), (5, 17, 7), (33, 50, 70), (1, 1, 1)]
VNNI = CpuFeatures(avx2=True, avx512=True, vnni=True)


def int8_inputs(n, m, k):
    rng = np.random.default_rng(k)
    a, b = rng.integers(0, 256, (n, k), "uint8"), rng.integers(-128, 128, (k, m), "int8")
    a[0, 0], b[0, 0] = 255, -128  # the largest product must not saturate
    return a, b


def int8_schedule(schedule, n, m, k):
    return schedule(Schedule(matmul(n, m, k, "uint8", "int8", "int32")))


@pytest.mark.parametrize("schedule", [int8.best, int8.portable])
@pytest.mark.parametrize(("n", "m", "k"), INT8_SHAPES)
def test_int8_matmul_is_exact(schedule, n, m, k):
    a, b = int8_inputs(n, m, k)
    (c,) = run(int8_schedule(schedule, n, m, k).mod, [a, b], [((n, m), "int32")])
    np.testing.assert_array_equal(c, reference.matmul_int(a, b))


def test_int8_sums_of_extreme_values_do_not_saturate():
    a, b = np.full((2, 64), 255, "uint8"), np.full((64, 3), -128, "int8")
    (c,) = run(int8_schedule(int8.best, 2, 3, 64).mod, [a, b], [((2, 3), "int32")])
    np.testing.assert_array_equal(c, 255 * -128 * 64)


def test_portable_uses_vectors_and_no_special_instruction():
    sch = int8_schedule(int8.portable, 64, 64, 64)
    assert nest(sch, "matmul_update") == "parallel 4 > serial 8 > serial 64 > unrolled 8 > unrolled 1 > vectorized 16"
    assert "llvm" not in sch.mod.script()


def test_vnni_schedule_holds_the_instruction():
    """The structure is the same on every machine; only running it needs the CPU."""
    sch = int8.vnni(Schedule(matmul(64, 64, 64, "uint8", "int8", "int32")), features=VNNI)
    assert nest(sch, "matmul_update_o") == "parallel 2 > serial 8 > serial 16 > unrolled 8 > unrolled 2"
    assert "llvm.x86.avx512.vpdpbusd.512" in sch.mod.script()


def test_best_takes_the_instruction_where_the_cpu_has_it():
    sch = int8_schedule(int8.best, 64, 64, 64)
    assert ("vpdpbusd" in sch.mod.script()) == cpu_features().vnni
    assert ("vpdpbusd" in build(sch.mod).mod.inspect_source("asm")) == cpu_features().vnni


def test_vnni_refuses_a_cpu_without_it():
    with pytest.raises(int8.NoVnniError, match=r"this CPU has no AVX-512 VNNI; use portable"):
        int8.vnni(Schedule(matmul(16, 16, 16, "uint8", "int8", "int32")), features=CpuFeatures(avx2=True))


def test_vnni_refuses_signed_times_signed():
    with pytest.raises(ScheduleError, match=r"A vs A, dtypes: T.int8 vs T.uint8"):
        int8.vnni(Schedule(matmul(16, 16, 16, "int8", "int8", "int32")), features=VNNI)


# Tensor Cores


def half_matmul(n, m, k):
    return Schedule(matmul(n, m, k, "float16", "float16", "float32"))


def test_tensor_core_schedule_holds_every_matrix_instruction():
    sch = tensor_core.tensor_core(half_matmul(128, 128, 64))
    grid = "blockIdx.y 2 > blockIdx.x 2 > threadIdx.z 2 > threadIdx.y 2"
    assert nest(sch, "matmul_update_o") == grid + " > serial 2 > serial 2 > serial 2 > serial 2"
    assert nest(sch, "A_shared") == grid + (
        " > serial 2 > serial 2 > threadIdx.z 2 > threadIdx.y 2 > threadIdx.x 32 > vectorized 8"
    )
    assert sorted(scopes(sch).values()) == ["shared", "shared", "wmma.accumulator", "wmma.matrix_a", "wmma.matrix_b"]


def test_tensor_core_cuda_text_holds_the_matrix_instructions():
    source = codegen.kernel_source(tensor_core.tensor_core(half_matmul(128, 128, 64)).mod)
    counts = {name: source.count(f"wmma::{name}") for name in ("fill_fragment", "load_matrix_sync", "mma_sync")}
    assert counts == {"fill_fragment": 1, "load_matrix_sync": 2, "mma_sync": 1}
    assert source.count("wmma::store_matrix_sync") == 1
    assert source.count("*(uint4*)") == 4, "eight float16 at a time, loaded and stored, for each tile"


def test_tensor_core_ptx_holds_the_matrix_instructions():
    source = codegen.cuda_source(tensor_core.tensor_core(half_matmul(128, 128, 64)).mod)
    if not codegen.cuda_compilers():
        with pytest.raises(codegen.NoCudaCompilerError):
            codegen.ptx(source)
        return
    text = codegen.ptx(source)
    for instruction in ("wmma.load.a.sync", "wmma.load.b.sync", "wmma.mma.sync", "wmma.store.d.sync"):
        assert instruction in text


def test_tensor_core_pads_uneven_shapes_and_copies_the_result_out():
    sch = tensor_core.tensor_core(half_matmul(100, 70, 30))
    source = codegen.kernel_source(sch.mod)
    assert source.count("__global__") == 2
    assert nest(sch, "C_pad") == "blockIdx.x 55 > threadIdx.x 128"
    with pytest.raises(ScheduleError, match="Cannot find a block with the name: A_pad"):
        sch.get_sblock("A_pad")


def test_tensor_core_refuses_float32():
    with pytest.raises(ScheduleError, match=r"dtypes: T.float32 vs T.float16"):
        tensor_core.tensor_core(Schedule(matmul(128, 128, 64)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"warps_y": 8, "warps_x": 8}, r"WarpTiling: got 2048 threads a block, allowed up to 1024"),
        ({"tiles_k": 0}, r"WarpTiling.tiles_k: got 0, allowed 1 and more"),
        ({"vector": 3}, r"WarpTiling.vector: got 3, allowed 1, 2, 4, 8"),
    ],
)
def test_impossible_warp_tilings_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        WarpTiling(**fields)


def test_warp_tiling_states_what_a_block_computes():
    tiling = WarpTiling(warps_y=1, warps_x=4, tiles_y=3, tiles_x=2, tiles_k=1)
    assert tiling.block == (48, 128, 16)
    assert tiling.threads == {"threadIdx.z": 1, "threadIdx.y": 4, "threadIdx.x": 32}
