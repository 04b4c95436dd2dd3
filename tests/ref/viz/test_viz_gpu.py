"""The pictures show what the simulator saw."""

import re

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu_sim import programs, simulate
from mlc_ref.language import LANGUAGES
from mlc_ref.viz.gpu import bank_board, mapping_board, sector_board


def kernel(mod, *shapes, output):
    inputs = [np.zeros(shape, "float32") for shape in shapes]
    return simulate(mod, inputs, [(output, "float32")]).kernels[0]


def labels(board, kind):
    """Texts of the boxes of one kind, in order; a box without a text gives an empty one."""
    svg = board.render("en")
    boxes = re.findall(
        rf'<rect class="shape {kind}"[^>]*/>(?:\n<text class="mono"[^>]*><tspan[^>]*>([^<]*)</tspan>)?', svg
    )
    return boxes


def test_an_aligned_load_fills_four_sectors():
    board = sector_board(kernel(programs.vector_add(), (1024,), (1024,), output=(1024,)).access("A"))
    assert labels(board, "blue") == [str(lane) for lane in range(32)]
    assert labels(board, "plain") == []
    assert "4 sectors" in board.title.en


def test_a_misaligned_load_leaves_gaps_in_five():
    board = sector_board(kernel(programs.vector_add(shift=1), (1025,), (1024,), output=(1024,)).access("A"))
    assert labels(board, "blue") == [str(lane) for lane in range(32)]
    assert len(labels(board, "plain")) == 5 * 8 - 32


def test_a_strided_load_is_cut_short():
    board = sector_board(kernel(programs.strided_copy(1024, 8), (8192,), output=(1024,)).access("A"))
    assert labels(board, "blue") == [str(lane) for lane in range(8)]
    assert "and 24 sectors more" in board.render("en")
    assert "另外 24 个扇区" in board.render("zh")


@pytest.mark.parametrize(("padding", "green", "red", "passes"), [(0, 1, 31, 32), (1, 32, 0, 1), (2, 16, 16, 2)])
def test_banks_of_a_column(padding, green, red, passes):
    board = bank_board(kernel(programs.transpose_shared(64, padding), (64, 64), output=(64, 64)).access("tile"))
    assert (len(labels(board, "green")), len(labels(board, "red"))) == (green, red)
    assert f" {passes} pass" in board.title.en


def test_a_vector_of_16_bytes_needs_four_words_of_each_bank():
    sch = Schedule(programs.vector_copy(1024, 4))
    copy = sch.cache_read("B", 0, "shared")
    sch.compute_at(copy, sch.get_loops("B")[0])
    thread, element = sch.split(sch.get_loops(copy)[-1], [64, 4])
    sch.bind(thread, "threadIdx.x")
    sch.vectorize(element)
    board = bank_board(kernel(sch.mod, (1024,), output=(1024,)).access("A_shared"))
    assert (len(labels(board, "green")), len(labels(board, "red"))) == (128, 0)


def test_blocks_and_threads_over_a_matrix():
    naive = kernel(programs.matmul_naive(8, threads=4), (8, 8), (8, 8), output=(8, 8))
    board = mapping_board(naive, "C", (8, 8))
    by_block = [labels(board, kind) for kind in ("blue", "green", "orange", "purple")]
    assert by_block == [[f"{x},{y}" for y in range(4) for x in range(4)]] * 4


def test_an_access_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"no store of 'A'.*load A, load B, store C"):
        kernel(programs.vector_add(), (1024,), (1024,), output=(1024,)).access("A", "store")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_boards_render_in_both_languages(lang):
    found = kernel(programs.transpose_shared(64), (64, 64), output=(64, 64))
    boards = [
        sector_board(found.access("B", "store")),
        bank_board(found.access("tile", "store")),
        mapping_board(found, "A", (64, 64), "load"),
    ]
    for board in boards:
        assert board.render(lang).count("<svg") == 1
        assert board.title.get(lang) in board.render(lang)
