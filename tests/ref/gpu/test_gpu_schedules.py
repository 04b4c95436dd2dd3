"""The loops, scopes and generated text of every GPU schedule, and what it refuses."""

import pytest
from tvm.s_tir import Schedule, ScheduleError

from mlc_ref.checks.loops import kind_of
from mlc_ref.gpu import codegen, programs
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add, window_sum
from mlc_ref.gpu.schedules.matmul import Tiling


def nest(sch, block):
    """The loops around a block, outermost first."""
    loops = [sch.get(loop) for loop in sch.get_loops(block)]
    return " > ".join(f"{kind_of(loop)} {loop.extent}" for loop in loops)


def scopes(sch):
    """Name and scope of every buffer the schedule allocates."""
    return {b.name: b.scope() for b in sch.get(sch.get_sblock("root")).alloc_buffers}


def guarded(sch, block):
    """Whether a predicate guards the block."""
    root = sch.get_sref(sch.get_sblock(block)).parent.stmt
    return "T.where" in root.script()


def one(program):
    return Schedule(program)


# Element-wise


def test_one_element_a_thread():
    sch = vector_add.one_element_a_thread(one(programs.vector_add(1024)))
    assert nest(sch, "add") == "blockIdx.x 8 > threadIdx.x 128"
    assert not guarded(sch, "add")


def test_one_element_a_thread_guards_a_size_that_does_not_divide():
    sch = vector_add.one_element_a_thread(one(programs.vector_add(1000)), threads=256)
    assert nest(sch, "add") == "blockIdx.x 4 > threadIdx.x 256"
    assert guarded(sch, "add")


def test_one_element_a_thread_binds_any_element_wise_block():
    sch = vector_add.one_element_a_thread(one(programs.strided_copy(64, stride=2)), threads=32, block="copy")
    assert nest(sch, "copy") == "blockIdx.x 2 > threadIdx.x 32"


def test_one_vector_a_thread():
    sch = vector_add.one_vector_a_thread(one(programs.vector_add(1024)))
    assert nest(sch, "add") == "blockIdx.x 2 > threadIdx.x 128 > vectorized 4"
    assert "float4" in codegen.kernel_source(sch.mod)


def test_a_size_no_multiple_of_the_vector_falls_back_to_elements():
    sch = vector_add.one_vector_a_thread(one(programs.vector_add(1023)))
    assert "float4" not in codegen.kernel_source(sch.mod)


@pytest.mark.parametrize("threads", [0, 1025])
def test_a_block_has_no_such_number_of_threads(threads):
    with pytest.raises(ValueError, match=rf"got {threads} threads a block, allowed 1 to 1024"):
        vector_add.one_element_a_thread(one(programs.vector_add(64)), threads)


def test_the_hardware_moves_no_vector_of_three():
    with pytest.raises(ValueError, match=r"got vector=3, allowed 1, 2, 4"):
        vector_add.one_vector_a_thread(one(programs.vector_add(64)), vector=3)


def test_a_bound_loop_cannot_be_split_again():
    sch = vector_add.one_element_a_thread(one(programs.vector_add(1024)))
    with pytest.raises(ScheduleError, match=r"thread binding|annotat"):
        sch.split(sch.get_loops("add")[1], [None, 32])


# Window sum


def test_window_sum_from_global_keeps_the_sum_in_a_register():
    sch = window_sum.from_global(one(programs.window_sum(1000)))
    assert nest(sch, "window_update") == "blockIdx.x 8 > threadIdx.x 128 > serial 3"
    assert scopes(sch) == {"B_local": "local"}
    assert guarded(sch, "window_update")


def test_window_sum_from_shared_fetches_what_the_block_needs():
    sch = window_sum.from_shared(one(programs.window_sum(1024, window=3)))
    assert nest(sch, "A_shared") == "blockIdx.x 8 > serial 2 > threadIdx.x 128 > serial 1"
    assert scopes(sch) == {"B_local": "local", "A_shared": "shared"}
    source = codegen.kernel_source(sch.mod)
    assert "__shared__ alignas(64) float A_shared_ptr[130]" in source, "128 windows of 3 reach over 130 elements"
    assert source.count("__syncthreads") == 1


def test_window_sum_reduction_cannot_be_bound_to_blocks():
    sch = one(programs.window_sum(64))
    _, w = sch.get_loops("window")
    with pytest.raises(ScheduleError, match=r"the thread axis to be bound is \"threadIdx.x/y/z\""):
        sch.bind(w, "blockIdx.x")


# Transpose


def test_naive_transpose_lets_neighbours_write_neighbours():
    sch = transpose.naive(one(programs.transpose(64, 96)))
    assert nest(sch, "transpose") == "blockIdx.y 3 > blockIdx.x 2 > serial 4 > threadIdx.y 8 > threadIdx.x 32"
    assert scopes(sch) == {}


def test_shared_transpose_goes_through_a_tile():
    sch = transpose.shared(one(programs.transpose(64, 96)))
    assert nest(sch, "A_shared").startswith("blockIdx.y 3 > blockIdx.x 2 > serial 4 > threadIdx.y 8")
    assert nest(sch, "A_shared").endswith("threadIdx.x 32")
    assert nest(sch, "transpose") == "blockIdx.y 3 > blockIdx.x 2 > serial 4 > threadIdx.y 8 > threadIdx.x 32"
    assert "float A_shared_ptr[1024]" in codegen.kernel_source(sch.mod)


def test_padded_transpose_adds_one_element_to_each_row():
    shared = transpose.shared(one(programs.transpose(64, 96)))
    padded = transpose.padded(one(programs.transpose(64, 96)))
    assert nest(padded, "transpose") == nest(shared, "transpose")
    assert nest(padded, "A_shared") == nest(shared, "A_shared")
    assert "float A_shared_ptr[1056]" in codegen.kernel_source(padded.mod), "32 rows of 33"


def test_rows_must_divide_the_tile():
    with pytest.raises(ValueError, match=r"got rows=5, allowed the divisors of side=32"):
        transpose.naive(one(programs.transpose(64, 64)), rows=5)
    with pytest.raises(ValueError, match=r"got 2048 threads a block"):
        transpose.shared(one(programs.transpose(64, 64)), side=64, rows=32)


# Reduction


def test_row_a_thread():
    sch = reduction.row_a_thread(one(programs.row_sum(256, 50)))
    assert nest(sch, "sum_update") == "blockIdx.x 2 > threadIdx.x 128 > serial 50"
    assert "__shfl" not in codegen.kernel_source(sch.mod)


def test_row_a_block_sums_across_threads():
    sch = reduction.row_a_block(one(programs.row_sum(64, 1000)))
    assert nest(sch, "sum") == "blockIdx.x 64 > serial 8 > threadIdx.x 128"
    source = codegen.kernel_source(sch.mod)
    assert source.count("__shfl_down_sync") == 5 + 2, "five halvings of a warp, two of the four warps' sums"


def test_a_row_a_warp_needs_no_shared_memory():
    source = codegen.kernel_source(reduction.row_a_block(one(programs.row_sum(64, 1000)), threads=32).mod)
    assert "__shared__" not in source
    assert "__syncthreads" not in source


def test_two_kernels_sum_partial_sums():
    sch = reduction.two_kernels(one(programs.total(10_000)), blocks=8)
    assert nest(sch, "sum_rf") == "blockIdx.x 8 > serial 10 > threadIdx.x 128"
    assert nest(sch, "sum") == "blockIdx.x 1 > threadIdx.x 8"
    assert codegen.kernel_source(sch.mod).count("__global__") == 2


def test_two_kernels_pad_a_length_the_blocks_do_not_divide():
    sch = reduction.two_kernels(one(programs.total(1001)), blocks=8)
    assert nest(sch, "sum_rf") == "blockIdx.x 8 > serial 1 > threadIdx.x 128"
    assert list(scopes(sch)) == ["B.rf"], "the padded array is inlined"


def test_rfactor_needs_a_reduction_loop():
    sch = one(programs.row_sum(64, 64))
    i, _ = sch.get_loops("sum")
    with pytest.raises(ScheduleError, match="which is required not to be touched by any data parallel block iter"):
        sch.rfactor(i, 0)


# The matmul ladder

GRID = "blockIdx.y 2 > blockIdx.x 2 > threadIdx.y 16 > threadIdx.x 16"


def step(name, *shape):
    return matmul.LADDER[name](one(programs.matmul(*shape)))


def test_the_ladder_names_its_steps_in_order():
    assert list(matmul.LADDER) == [
        "naive",
        "local_sum",
        "register_blocking",
        "shared_blocking",
        "vectorized_fetch",
        "double_buffering",
    ]


def test_naive_sums_in_global_memory():
    sch = step("naive", 32, 32, 64)
    assert nest(sch, "matmul_update") == GRID + " > serial 64"
    assert scopes(sch) == {}


def test_local_sum_writes_each_element_once():
    sch = step("local_sum", 32, 32, 64)
    assert nest(sch, "matmul_update") == GRID + " > serial 64 > serial 1 > serial 1"
    assert scopes(sch) == {"C_local": "local"}
    assert codegen.kernel_source(sch.mod).count("C_ptr[") == 1


def test_register_blocking_gives_a_thread_a_tile():
    sch = step("register_blocking", 128, 128, 64)
    assert nest(sch, "matmul_update") == GRID + " > serial 64 > serial 4 > serial 4"
    assert scopes(sch) == {"C_local": "local", "A_local": "local", "B_local": "local"}
    assert nest(sch, "A_local") == GRID + " > serial 64 > serial 4 > serial 1"
    assert nest(sch, "B_local") == GRID + " > serial 64 > serial 1 > serial 4"
    source = codegen.kernel_source(sch.mod)
    for array in ("float C_local_ptr[16]", "float A_local_ptr[4]", "float B_local_ptr[4]"):
        assert array in source


def test_shared_blocking_fetches_tiles_together():
    sch = step("shared_blocking", 128, 128, 64)
    assert nest(sch, "matmul_update") == GRID + " > serial 4 > serial 16 > serial 4 > serial 4"
    for tile in ("A_shared", "B_shared"):
        assert nest(sch, tile) == GRID + " > serial 4 > serial 4 > threadIdx.y 16 > threadIdx.x 16 > serial 1"
        assert nest(sch, f"{tile}_local").startswith(GRID + " > serial 4 > serial 16 > ")
    assert sorted(scopes(sch).values()) == ["local", "local", "local", "shared", "shared"]
    assert codegen.kernel_source(sch.mod).count("__syncthreads") == 2


def test_vectorized_fetch_moves_four_neighbours_at_a_time():
    sch = step("vectorized_fetch", 128, 128, 64)
    for tile in ("A_shared", "B_shared"):
        assert nest(sch, tile) == GRID + " > serial 4 > serial 1 > threadIdx.y 16 > threadIdx.x 16 > vectorized 4"
    assert nest(sch, "B_shared_local") == GRID + " > serial 4 > serial 16 > serial 1 > vectorized 4"
    assert nest(sch, "A_shared_local") == GRID + " > serial 4 > serial 16 > serial 4 > serial 1"
    assert nest(sch, "C_local") == GRID + " > serial 4 > vectorized 4"


def test_a_thread_tile_of_no_vector_width_stays_scalar():
    sch = matmul.vectorized_fetch(one(programs.matmul(96, 96, 32)), Tiling(96, 96, 6, 6, depth=16))
    assert nest(sch, "C_local").endswith("serial 6 > serial 6")
    assert nest(sch, "A_shared").endswith("vectorized 4")


def test_double_buffering_issues_loads_before_the_multiplications_that_do_not_need_them():
    sch = step("double_buffering", 128, 128, 64)
    lines = codegen.kernel_source(sch.mod).splitlines()
    start = next(i for i, line in enumerate(lines) if "p_0 < 3" in line)
    body = "\n".join(lines[start:])
    events = ["A_shared_local_ptr[0] = *(float4*)(A_ptr", "__syncthreads", "C_local_ptr[", "= A_shared_local_ptr[0]"]
    places = [body.index(event) for event in events]
    assert places == sorted(places), "load, barrier, multiply, store to shared memory"


def test_double_buffering_adds_registers_and_no_shared_memory():
    def shared_bytes(sch):
        return [line for line in codegen.kernel_source(sch.mod).splitlines() if "__shared__" in line]

    assert shared_bytes(step("double_buffering", 128, 128, 64)) == shared_bytes(step("vectorized_fetch", 128, 128, 64))
    assert "A_shared_local_ptr" in codegen.kernel_source(step("double_buffering", 128, 128, 64).mod)


@pytest.mark.parametrize("name", matmul.LADDER)
def test_uneven_shapes_are_guarded(name):
    sch = step(name, 100, 70, 30)
    assert guarded(sch, "matmul_update")
    assert "if (" in codegen.kernel_source(sch.mod)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"thread_rows": 3}, r"a thread's tile 3x4 does not divide the block's 64x64"),
        ({"rows": 256, "cols": 256}, r"Tiling: got 4096 threads a block"),
        ({"depth": 0}, r"Tiling.depth: got 0, allowed 1 and more"),
        ({"vector": 8}, r"Tiling: got vector=8, allowed 1, 2, 4"),
    ],
)
def test_impossible_tilings_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Tiling(**fields)


def test_a_ladder_step_starts_from_the_plain_program():
    sch = step("register_blocking", 128, 128, 64)
    with pytest.raises(ScheduleError, match="Cannot find a block with the name: matmul"):
        matmul.shared_blocking(sch)


def test_what_a_kernel_returns_cannot_be_computed_where_it_is_needed():
    sch = step("shared_blocking", 128, 128, 64)
    with pytest.raises(ScheduleError, match="is an output block"):
        sch.compute_at("C_local", sch.get_loops("A_shared")[4])
