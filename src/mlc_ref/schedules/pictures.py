"""Pictures and tables of schedules, computed from the programs themselves.

* ``primitive_board``: one primitive as loop nest before and after.
* ``touched``: which elements of a matmul's operands a few innermost loops visit.
* ``counted_ladder``: the ladder's versions with what the cache model counts for each.
"""

from collections.abc import Callable

import numpy as np
import tvm

from mlc_ref.cache_model import Traffic, traffic
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import Subject, reducing, select_one
from mlc_ref.language import Text
from mlc_ref.schedules import primitives, programs
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles
from mlc_ref.viz.board import Board
from mlc_ref.viz.loops import before_after, loop_nest, readable
from mlc_ref.viz.roofline import Machine

LADDER_SIDE = 48
LADDER_CACHE_BYTES = 2048
MODEL_CORE = Machine(Text("a core with a cache of 2 KiB, imagined", "假想的核心，缓存 2 KiB"), "cpu", 50, 10)
"""Round figures of a laptop's core, with the cache that ``counted_ladder`` counts with: its bounds hold for this cache."""
LADDER_TILES = Tiles(lanes=4, rows=4, columns=4, depth=24, row_tiles=3, tasks=4, pack_a=True)
"""Sizes small enough to count: three matrices of 9 KiB each, and a cache that holds none of them."""

MATRICES = {"A": (0, 2), "B": (2, 1), "C": (0, 1)}
"""Which of the axes i, j, k of a matmul are the row and the column of each matrix."""

_Maker = Callable[[], tvm.IRModule]
_SCALE, _MATMUL = (lambda: programs.scale_add(64)), (lambda: programs.matmul(8, 16, 32))
_CHAIN, _RELU = (lambda: programs.chain(8, 16)), (lambda: programs.matmul_relu(8, 16, 32))
PRIMITIVES: dict[str, tuple[_Maker, str]] = {
    "split": (lambda: programs.scale_add(17), "split(i, [None, 16])"),
    "reorder": (_MATMUL, "reorder(k, j)"),
    "fuse": (_MATMUL, "fuse(i, j)"),
    "compute_at": (_CHAIN, 'compute_at("P", i of "E")'),
    "reverse_compute_at": (_RELU, 'reverse_compute_at("C", i of "Y")'),
    "compute_inline": (_CHAIN, 'compute_inline("P")'),
    "reverse_compute_inline": (_CHAIN, 'reverse_compute_inline("C")'),
    "cache_read": (_MATMUL, 'cache_read("C", 1, "global")'),
    "cache_write": (_MATMUL, 'cache_write("C", 0, "local")'),
    "transform_layout": (_MATMUL, "cache_read, transform_layout"),
    "decompose_reduction": (_MATMUL, 'decompose_reduction("C", k)'),
    "rfactor": (lambda: programs.row_sum(8, 32), "split, rfactor, parallel"),
    "parallel": (_SCALE, "split, parallel(i_0)"),
    "vectorize": (_SCALE, "split, vectorize(i_1)"),
    "unroll": (_SCALE, "split, unroll(i_1)"),
    "annotate": (_SCALE, "annotate(i, …)"),
}
"""The program each primitive of ``primitives`` is shown on, and the request as a caption."""


def primitive_board(name: str) -> Board:
    """The loop nest before and after one function of ``primitives``.

    Raises:
        KeyError: there is no such primitive.
    """
    make, step = PRIMITIVES[name]
    before, after = make(), getattr(primitives, name)(make())
    title = Text(f"The loop nest before and after {name}.", f"{name} 之前与之后的循环嵌套。")
    return before_after(title, step, readable(loop_nest(before)), readable(loop_nest(after)))


def touched(subject: Subject, depth: int) -> dict[str, np.ndarray]:
    """Elements of ``A``, ``B`` and ``C`` that the ``depth`` innermost loops of a matmul visit.

    The other loops stand at their first iteration.

    Returns:
        For each matrix a Boolean array of its shape.
    """
    site = select_one(subject, reducing)
    extents = [constant(axis.dom.extent) or 1 for axis in site.block.iter_vars]
    positions = [np.zeros(1, int) for _ in extents]
    for loop in site.loops[-depth:]:
        for axis, step in site.movement(loop).items():
            positions[axis] = np.add.outer(positions[axis], step * np.arange(constant(loop.extent) or 1)).ravel()
    found = {}
    for name, (row, column) in MATRICES.items():
        found[name] = np.zeros((extents[row], extents[column]), bool)
        found[name][np.ix_(positions[row], positions[column])] = True
    return found


def counted_ladder() -> dict[str, Traffic]:
    """What the cache model counts for each version of the ladder, at the sizes of ``LADDER_SIDE``."""
    mod = programs.matmul(LADDER_SIDE, LADDER_SIDE, LADDER_SIDE)
    return {name: traffic(version(mod, LADDER_TILES), LADDER_CACHE_BYTES) for name, version in LADDER.items()}
