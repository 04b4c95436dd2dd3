"""The matmul ladder: each version's structure, its numbers for any sizes, and tiles for any CPU."""

import pytest
from tvm.s_tir import ScheduleError

from mlc_ref.checks.blocks import decomposed
from mlc_ref.checks.equivalence import equivalent
from mlc_ref.checks.loops import Loop, extent_at_most, has_loop, loop_nest, no_loop
from mlc_ref.checks.memory import allocations, buffer_bytes, has_buffer
from mlc_ref.checks.sites import reducing, select
from mlc_ref.schedules import packing
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.programs import matmul, scale_add
from mlc_ref.schedules.tiles import Caches, Tiles, caches_from, matmul_tiles, register_tile, vector_lanes
from mlc_ref.targets import CpuFeatures

CPUS = {
    "avx512": CpuFeatures(avx2=True, avx512=True),
    "avx2": CpuFeatures(avx2=True),
    "neon": CpuFeatures(neon=True),
    "nothing known": CpuFeatures(),
}
SMALL = Tiles(lanes=4, rows=2, columns=8, depth=8, row_tiles=2, tasks=2, pack_a=True)
SIZES = [(8, 16, 16), (1, 1, 1), (5, 7, 3), (9, 20, 21)]


@pytest.mark.parametrize("name", LADDER)
@pytest.mark.parametrize("size", SIZES)
def test_every_version_computes_matmul(name, size):
    equivalent(LADDER[name](matmul(*size), SMALL), matmul(*size))


@pytest.mark.parametrize("cpu", CPUS)
def test_the_last_version_computes_matmul_with_the_tiles_of_any_cpu(cpu):
    size = (29, 45, 40)
    tiles = matmul_tiles(*size, features=CPUS[cpu], caches=Caches(l1=1024, l2=4096), threads=3)
    equivalent(LADDER["blocked"](matmul(*size), tiles), matmul(*size))


def test_rows_inside():
    sch = LADDER["rows_inside"](matmul(8, 16, 32), SMALL)
    loop_nest(sch, "C_update", [Loop(0, 8), Loop(2, 32), Loop(1, 16)])
    decomposed(sch)


def test_tiled_and_vectorized():
    side = 4 * SMALL.columns
    outer = [Loop(axis, 2, step=side) for axis in (0, 1, 2)]
    mod = matmul(2 * side, 2 * side, 2 * side)
    loop_nest(LADDER["tiled"](mod, SMALL), "C_update", [*outer, Loop(0, side), Loop(2, side), Loop(1, side)])
    inner = [Loop(0, side), Loop(2, side), Loop(1, side // 4, "unrolled", 4), Loop(1, 4, "vectorized")]
    loop_nest(LADDER["vectorized"](mod, SMALL), "C_update", [*outer, *inner])


def test_register_tile():
    sch = LADDER["register_tiled"](matmul(8, 16, 32), SMALL)
    kernel = [Loop(2, 32), Loop(0, 2, "unrolled"), Loop(1, 2, "unrolled", 4), Loop(1, 4, "vectorized")]
    loop_nest(sch, reducing, [Loop(0, 4, step=2), Loop(1, 2, step=8), *kernel])
    has_buffer(sch, shape=(2, 8), scope="local")


def test_packed_panels_and_threads():
    mod = matmul(8, 16, 32)
    serial, threaded = LADDER["packed"](mod, SMALL), LADDER["parallel"](mod, SMALL)
    for sch in (serial, threaded):
        has_buffer(sch, shape=(2, 32, 8))
        has_buffer(sch, shape=(2, 8), scope="local")
    no_loop(serial, None, Loop(kind="parallel"))
    has_loop(threaded, reducing, Loop(0, 2, "parallel"), place="outermost")
    has_loop(threaded, "B_global", Loop(1, 2, "parallel"), place="outermost")


def test_blocked_cuts_the_reduction_and_packs_both_operands():
    sch = LADDER["blocked"](matmul(8, 16, 32), SMALL)
    has_buffer(sch, shape=(4, 32, 2))
    has_buffer(sch, shape=(2, 32, 8))
    has_loop(sch, "C_rf_update", Loop(extent=8, kind="serial"))
    has_loop(sch, "C", Loop(extent=4, kind="serial", step=1))
    has_loop(sch, "C", Loop(kind="parallel"), place="outermost")
    assert [list(b.shape) for b in allocations(sch) if b.scope() == "local"] == [[1, 2, 8]]


def test_sizes_that_do_not_divide_need_no_condition_in_the_kernel():
    sch = LADDER["blocked"](matmul(9, 20, 21), SMALL)
    for site in select(sch, reducing):
        assert int(site.realize.predicate) == 1


def test_a_version_refuses_a_program_without_a_matmul():
    for name in list(LADDER)[1:]:
        with pytest.raises(ScheduleError, match="Cannot find a block with the name: C"):
            LADDER[name](scale_add(8), SMALL)


@pytest.mark.parametrize(
    ("cpu", "lanes", "tile"),
    [("avx512", 16, (8, 32)), ("avx2", 8, (6, 16)), ("neon", 4, (14, 8)), ("nothing known", 4, (6, 8))],
)
def test_register_tiles_fill_the_registers_and_stay_on_the_stack(cpu, lanes, tile):
    features = CPUS[cpu]
    assert (vector_lanes(features), register_tile(features)) == (lanes, tile)
    rows, columns = tile
    assert rows * columns * 4 <= 1024
    assert rows * columns // lanes + 3 <= features.vector_registers


def test_tiles_follow_the_caches():
    avx512 = CPUS["avx512"]
    big = matmul_tiles(2048, 2048, 4096, features=avx512, caches=Caches(32 << 10, 1 << 20), threads=2)
    assert big.depth == 2048
    assert big.pack_a
    assert big.depth * big.columns * 4 <= (1 << 20) // 4
    assert 1 << 20 < big.depth * big.block_rows * 4 <= 4 << 20
    assert big.tasks % 2 == 0
    middle = matmul_tiles(1024, 1024, 1024, features=avx512, caches=Caches(32 << 10, 1 << 20), threads=2)
    assert middle.depth * middle.block_rows * 4 <= 1 << 20
    small = matmul_tiles(256, 256, 256, features=avx512, caches=Caches(32 << 10, 1 << 20), threads=2)
    assert (small.depth, small.pack_a, small.tasks, small.block_rows) == (256, False, 2, 128)


@pytest.mark.parametrize(
    ("k", "ways", "packed"), [(2048, 8, True), (2048, 12, False), (1000, 8, False), (1032, 8, False)]
)
def test_rows_that_compete_for_the_same_places_of_the_cache_are_packed(k, ways, packed):
    caches = Caches(ways * 4096, 1 << 20, ways)
    assert matmul_tiles(64, 64, k, features=CPUS["avx512"], caches=caches, threads=1).pack_a == packed


def test_tasks_divide_uneven_rows_with_the_least_padding():
    tiles = matmul_tiles(1000, 600, 900, features=CPUS["avx512"], caches=Caches(32 << 10, 1 << 20), threads=1)
    assert tiles.tasks * tiles.block_rows == 1000


def test_reductions_are_cut_evenly():
    tiles = matmul_tiles(64, 64, 2049, features=CPUS["avx512"], caches=Caches(32 << 10, 1 << 20), threads=1)
    assert tiles.depth == 1025


def test_impossible_tiles_are_refused():
    with pytest.raises(ValueError, match="columns a multiple of lanes"):
        Tiles(lanes=4, rows=2, columns=6, depth=8, row_tiles=2, tasks=2, pack_a=True)
    with pytest.raises(ValueError, match="must be positive"):
        Tiles(lanes=4, rows=0, columns=8, depth=8, row_tiles=2, tasks=2, pack_a=True)


def test_cache_sizes_are_read_as_linux_writes_them(tmp_path):
    for index, (level, kind, size, ways) in enumerate(
        [(1, "Data", "48K", 12), (1, "Instruction", "32K", 8), (2, "Unified", "2048K", 16)]
    ):
        folder = tmp_path / f"index{index}"
        folder.mkdir()
        facts = {"level": level, "type": kind, "size": size, "ways_of_associativity": ways}
        for name, value in facts.items():
            (folder / name).write_text(f"{value}\n")
    assert caches_from(tmp_path) == Caches(48 * 1024, 2048 * 1024, 12)
    (tmp_path / "index0" / "ways_of_associativity").unlink()
    assert caches_from(tmp_path) == Caches(48 * 1024, 2048 * 1024, 8)
    assert caches_from(tmp_path / "missing") == Caches()


def test_unrolled_code_stays_small():
    sch = LADDER["blocked"](matmul(64, 64, 64), matmul_tiles(64, 64, 64, features=CPUS["avx512"]))
    extent_at_most(sch, reducing, "unrolled", 16)
    assert all(buffer_bytes(b) <= 1024 for b in allocations(sch) if b.scope() == "local")


def test_the_ladder_is_documented_step_by_step():
    assert packing.__doc__
    for name, version in LADDER.items():
        assert "Before" in str(version.__doc__), name
