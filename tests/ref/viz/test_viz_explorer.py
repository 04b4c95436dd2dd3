"""The schedule explorer's data: steps, changed lines, access orders and counters, against what can be derived by hand."""

import gzip
import subprocess
import sys

import numpy as np
import pytest
from tvm.s_tir import Schedule
from tvm.s_tir.schedule.instruction import InstructionKind

from mlc_ref.gpu import programs as gpu_programs
from mlc_ref.gpu.schedules import transpose
from mlc_ref.language import Text
from mlc_ref.schedules import primitives, programs
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.tensorization.programs.matmul import matmul as toy_matmul
from mlc_ref.tensorization.schedules import toy
from mlc_ref.viz import explore
from mlc_ref.viz.explorer.delta_encoding import pack, unpack
from mlc_ref.viz.explorer.sentences import SENTENCES, sentence


def calls(widget) -> list[str]:
    return [step["call"] for step in widget.data["steps"][1:]]


def nest(widget, step: int) -> list[str]:
    return [widget.data["lines"][number] for number in widget.data["steps"][step]["nest"]]


def drawn(widget, step: int) -> list[str]:
    """The accesses drawn at a step as text: ``["A[1] B[2]", "C[0]="]``."""
    order = widget.data["orders"][widget.data["drawn"][step]]
    found: list[str] = []
    for code, element, joined in zip(*(unpack(order[key]) for key in ("codes", "elements", "joined")), strict=True):
        text = f"{widget.data['buffers'][code >> 1][0]}[{element}]{'=' if code & 1 else ''}"
        found = [*found[:-1], f"{found[-1]} {text}"] if joined else [*found, text]
    return found


# Steps and the lines they change.


def test_looking_up_blocks_and_loops_is_no_step():
    mod = programs.scale_add(17)
    widget = explore(primitives.split(mod), mod)
    assert calls(widget) == ["split(i, [None, 16])"]
    assert widget.data["steps"][1]["results"] == ["i_0", "i_1"]
    assert nest(widget, 0)[0] == "for i in range(17):"
    assert nest(widget, 1)[0] == "for i_0, i_1 in grid(2, 16):"


def test_changed_lines_are_those_the_primitive_changed():
    mod = programs.matmul(8, 16, 32)
    widget = explore(primitives.reorder(mod), mod)
    assert calls(widget) == ["reorder(k, j)"]
    step = widget.data["steps"][1]
    assert [nest(widget, 0)[i] for i in step["gone"]] == ["for i, j, k in grid(8, 16, 32):"]
    assert [nest(widget, 1)[i] for i in step["new"]] == ["for i, k, j in grid(8, 32, 16):"]


@pytest.mark.parametrize(("name", "mod", "expected"), [
    ("fuse", programs.matmul(8, 16, 32), ["fuse(i, j)"]),
    ("compute_at", programs.chain(8, 16), ["compute_at(P, i of E)"]),
    ("reverse_compute_at", programs.matmul_relu(8, 16, 8), ["reverse_compute_at(C, i of Y)"]),
    ("compute_inline", programs.chain(8, 16), ["compute_inline(P)"]),
    ("cache_read", programs.matmul(8, 16, 32), ['cache_read(C, B, "global")']),
    ("cache_write", programs.matmul(8, 16, 32), ['cache_write(C, C, "local")', "reverse_compute_at(C_local, j)"]),
    ("rfactor", programs.row_sum(8, 64), ["split(k, [4, None])", "rfactor(k_0, 0)", "parallel(k_0 of S_rf)"]),
    ("vectorize", programs.scale_add(64), ["split(i, [None, 16])", "vectorize(i_1)"]),
    ("unroll", programs.scale_add(64), ["split(i, [None, 4])", "unroll(i_1)"]),
    ("decompose_reduction", programs.matmul(8, 16, 8), ["decompose_reduction(C, k)"]),
    ("annotate", programs.scale_add(64), ['annotate(i, "pragma_auto_unroll_max_step", 64)']),
    ("transform_layout", programs.matmul(8, 16, 8),
     ['cache_read(C, B, "global")', "transform_layout(B_global, (k, j) -> (j // 4, k, j % 4))"]),
])  # fmt: skip
def test_steps_read_as_one_would_write_them(name, mod, expected):
    found = calls(explore(getattr(primitives, name)(mod), mod))
    assert found[: len(expected)] == expected


def test_drawn_numbers_stand_in_the_step_and_are_marked():
    mod = programs.scale_add(64)
    sch = Schedule(mod)
    (i,) = sch.get_loops("Y")
    sch.split(i, sch.sample_perfect_tile(i, n=2, decision=[4, 16]))
    sch.enter_postproc()
    widget = explore(sch, mod)
    assert calls(widget) == ["split(i, [4, 16])"]
    assert widget.data["steps"][1]["sampled"]


@pytest.mark.parametrize(("decision", "place"), [(-2, "inline"), (-1, None), (0, "i of E")])
def test_a_drawn_place_is_named(decision, place):
    mod = programs.chain(8, 16)
    sch = Schedule(mod)
    sch.compute_at("P", sch.sample_compute_location("P", decision=decision))
    sch.reverse_compute_inline("C")
    expected = [f"compute_at(P, {place})"] if place else []  # at the root nothing changes: no step
    assert calls(explore(sch, mod)) == [*expected, "reverse_compute_inline(C)"]


def test_every_primitive_of_tvm_has_a_sentence_in_both_languages():
    for kind, text in SENTENCES.items():
        assert not InstructionKind.get(kind).is_pure
        assert text.en.endswith(".")
        assert text.zh.endswith("。")
    with pytest.raises(ValueError, match="got a step of kind Guess, sentences are known for AddUnitLoop"):
        sentence("Guess")


# The order of accesses.


def test_a_matmul_touches_a_column_of_b_before_reordering_and_a_row_of_it_after():
    mod = programs.matmul(2, 2, 2)
    widget = explore(primitives.reorder(mod), mod)
    assert drawn(widget, 0)[:9] == ["C[0]=", "C[0]", "A[0]", "B[0]", "C[0]=", "C[0]", "A[1]", "B[2]", "C[0]="]
    assert drawn(widget, 1)[:10] == [
        "C[0]=", "C[0]", "A[0]", "B[0]", "C[0]=", "C[1]=", "C[1]", "A[0]", "B[1]", "C[1]=",
    ]  # fmt: skip
    assert [buffer[:2] for buffer in widget.data["buffers"]] == [["A", [2, 2]], ["B", [2, 2]], ["C", [2, 2]]]


def test_lanes_of_a_vector_touch_memory_together():
    mod = programs.scale_add(4)
    widget = explore(primitives.vectorize(mod, 2), mod)
    assert drawn(widget, 2) == ["X[0] X[1]", "Y[0]= Y[1]=", "X[2] X[3]", "Y[2]= Y[3]="]


def test_registers_are_not_drawn_and_a_copy_is():
    mod = programs.matmul(2, 2, 2)
    widget = explore(primitives.cache_write(mod), mod)
    assert drawn(widget, 2)[:5] == ["A[0]", "B[0]", "A[1]", "B[2]", "C[0]="]
    widget = explore(primitives.cache_read(mod), mod)
    assert drawn(widget, 1)[:2] == ["B[0]", "B_global[0]="]


def test_a_long_order_is_cut_where_no_vector_is_divided():
    mod = programs.scale_add(64)
    widget = explore(primitives.vectorize(mod, 4), mod, accesses=10)
    assert drawn(widget, 2) == ["X[0] X[1] X[2] X[3]", "Y[0]= Y[1]= Y[2]= Y[3]="]
    assert widget.data["orders"][widget.data["drawn"][2]]["total"] == 128


def test_threads_of_a_block_touch_memory_together():
    mod = gpu_programs.transpose(4, 4)
    sch = Schedule(mod)
    i, j = sch.get_loops("transpose")
    sch.bind(i, "blockIdx.x")
    sch.bind(j, "threadIdx.x")
    source, target = (str(parameter.name) for parameter in mod["main"].params)
    first = drawn(explore(sch, mod), 2)[:2]
    assert first == [" ".join(f"{source}[{4 * k}]" for k in range(4)), " ".join(f"{target}[{k}]=" for k in range(4))]


@pytest.mark.parametrize(
    "values", [[], [7], [0, 0, 0], list(range(100)), [1, 5, 1, 5, 2, 6, 2, 6], [3, -2, 9, 9, 0, 4]]
)
def test_packed_numbers_come_back(values):
    assert unpack(pack(values)) == values


def test_the_order_of_a_loop_nest_packs_to_a_fraction():
    inner = np.arange(64)
    rows = np.concatenate([row * 100 + inner for row in range(30)])
    assert len(pack(rows)) < len(rows) / 10


# Counters.


def test_counters_are_those_of_the_cache_model():
    mod = programs.matmul(16, 16, 16)  # a row is a line, the cache holds four
    numbers = explore(primitives.reorder(mod), mod, cache_bytes=256).data["counters"]["numbers"]
    assert numbers[0] == [3 * 4096, 4096 + 256, (16 + 16 + 4096 + 16) * 64, 0]
    assert numbers[1] == [3 * 4096, 4096 + 256, (16 + 16 + 256 + 16) * 64, 0]


def test_moving_the_producer_shrinks_the_intermediate_buffer():
    mod = programs.chain(8, 16)
    numbers = explore(primitives.compute_at(mod), mod).data["counters"]["numbers"]
    assert [each[3] for each in numbers] == [2 * 8 * 16 * 4, 16 * 4 + 8 * 16 * 4]


def test_gpu_schedules_are_counted_by_the_simulator_once_they_are_kernels():
    mod = gpu_programs.transpose(32, 32)
    widget = explore(transpose.padded(Schedule(mod)), mod)
    assert widget.data["cache"] is None
    numbers = widget.data["counters"]["numbers"]
    assert numbers[0] is None
    assert numbers[-1][0] == 2 * 32 * 32 * 4
    assert numbers[-1][2] == 0


def test_a_smaller_instance_is_drawn_and_counted_while_the_nest_shows_the_real_sizes():
    mod = programs.matmul(256, 256, 256)
    widget = explore(primitives.reorder(mod), mod, small=programs.matmul(4, 4, 4))
    assert nest(widget, 0)[0] == "for i, j, k in grid(256, 256, 256):"
    assert widget.data["buffers"][0][1] == [4, 4]
    assert widget.data["counters"]["numbers"][0][0] == 3 * 64


def test_a_program_of_instructions_has_a_nest_and_no_picture():
    mod = toy_matmul(8, 12, 16)
    widget = explore(toy.tensorize_with_memories(Schedule(mod)), mod)
    assert "tensorize(" in calls(widget)[-1]
    assert widget.data["drawn"][-1] is None
    assert widget.data["counters"]["numbers"][-1] is None


# What a page receives.


def test_the_text_without_scripts_names_each_step_explains_each_kind_once_and_ends_in_the_program():
    mod = programs.scale_add(64)
    sch = primitives.split(mod)
    sch.split(sch.get_loops("Y")[0], [2, None])
    html = explore(sch, mod, title=Text("Two splits", "两次拆分")).page_html()
    assert html.count("<code>split(") == 2
    assert html.split('<script type="application/json">')[0].count("becomes several") == 1
    for text in (
        "两次拆分",
        "一个循环变成几个嵌套的循环",
        "for i_0_0, i_0_1, i_1 in grid(2, 2, 16):",
        "loads: 64 at the beginning",
    ):
        assert text in html


def test_a_long_schedule_stays_small():
    mod = programs.matmul(8, 16, 16)
    tiles = Tiles(lanes=4, rows=2, columns=8, depth=8, row_tiles=4, tasks=1, pack_a=True)
    widget = explore(LADDER["blocked"](mod, tiles), mod)
    assert len(widget.data["steps"]) > 25
    assert len(gzip.compress(widget.page_html().encode())) < 20_000


def test_drawing_boards_needs_no_simulator():
    code = "import sys, mlc_ref.viz, mlc_ref.viz.board; sys.exit('tvm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# Illegal uses.


def test_what_cannot_be_explored_is_refused():
    mod = programs.scale_add(64)
    with pytest.raises(TypeError, match="sch: got IRModule, allowed a Schedule"):
        explore(mod, mod)
    with pytest.raises(ValueError, match="without a step that changes the program"):
        explore(Schedule(mod), mod)
    with pytest.raises(ValueError, match="explore: start is no module the steps of the schedule fit"):
        explore(primitives.split(mod), programs.row_sum(8, 8))
    with pytest.raises(ValueError, match="explore: small is no module"):
        explore(primitives.split(mod), mod, small=programs.row_sum(8, 8))
    large = programs.matmul(64, 64, 64)
    with pytest.raises(ValueError, match="hold 12288 elements, the picture draws at most 4096; pass a smaller"):
        explore(primitives.reorder(large), large)
    assert "orders" not in explore(primitives.reorder(large), large, picture=False).data
    with pytest.raises(ValueError, match="allowed at least one line of 64"):
        explore(primitives.split(mod), mod, cache_bytes=10)
    with pytest.raises(AttributeError, match="no attribute 'explorre'"):
        __import__("mlc_ref.viz").viz.explorre


def test_it_opens_where_most_is_saved_else_where_most_lines_change():
    tiny = programs.matmul(8, 16, 8)
    sch = primitives.cache_write(tiny)
    sch.vectorize(sch.split(sch.get_loops("C_local")[1], [None, 4])[1])
    data = explore(sch, tiny).data
    assert data["steps"][data["open"]]["kind"] == "Vectorize"  # a quarter of the accesses is left
    unmeasured = explore(primitives.cache_write(tiny), tiny, picture=False).data
    changed = [len(step["gone"]) + len(step["new"]) for step in unmeasured["steps"]]
    assert changed[unmeasured["open"]] == max(changed)
