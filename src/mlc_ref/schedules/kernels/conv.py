"""A convolution with bias and ReLU: filters packed, pixels times filters in registers."""

from dataclasses import dataclass

import numpy as np
import tvm
from tvm.s_tir import Schedule

from mlc_ref.kinds import invalid, takes
from mlc_ref.schedules.tiles import FLOAT_BYTES, STACK_BUFFER_BYTES, vector_lanes
from mlc_ref.targets import CpuFeatures, cpu_features


@dataclass(frozen=True)
class ConvTiles:
    """The register tile of a convolution: ``pixels`` of a row times ``vectors`` of ``lanes`` filters."""

    lanes: int
    pixels: int
    vectors: int

    @property
    def columns(self) -> int:
        """Filters in a tile, and in a panel of packed weights."""
        return self.lanes * self.vectors


def conv_tiles(width: int, filters: int, features: CpuFeatures | None = None) -> ConvTiles:
    """The register tile that loads the least for each multiply-add.

    A step of the reduction loads ``vectors`` vectors of weights and one element for each pixel, for ``pixels *
    vectors`` multiply-adds. The sums, the weights and one broadcast element must fit the registers, the sums
    ``STACK_BUFFER_BYTES``; ``pixels`` divides the width, so that no pixel is computed in vain.

    Raises:
        ValueError: ``filters`` is no multiple of the vector's lanes.
    """
    features = features or cpu_features()
    lanes = vector_lanes(features)
    if filters % lanes:
        raise invalid(
            f"filters: got {filters}, allowed multiples of the {lanes} lanes of a vector",
            f"filters：得到 {filters}，允许的是向量通道数 {lanes} 的倍数",
        )
    choices = [
        ConvTiles(lanes, pixels, vectors)
        for pixels in range(1, width + 1)
        for vectors in range(1, 5)
        if width % pixels == 0 and filters % (lanes * vectors) == 0
        if pixels * vectors + vectors + 1 <= features.vector_registers
        if pixels * vectors * lanes * FLOAT_BYTES <= STACK_BUFFER_BYTES
    ]
    return min(choices, key=lambda t: (t.pixels + t.vectors) / (t.pixels * t.vectors))


def pack_weights(weights: np.ndarray, tiles: ConvTiles) -> np.ndarray:
    """Weights ``(3, 3, channels, filters)`` as ``register_tiled`` reads them: ``(panels, 3, 3, channels, columns)``."""
    r, s, c, f = weights.shape
    panels = weights.reshape(r, s, c, f // tiles.columns, tiles.columns)
    return panels.transpose(3, 0, 1, 2, 4).copy()


@takes("IRModule")
def register_tiled(mod: tvm.IRModule, tiles: ConvTiles) -> Schedule:
    """Sum a tile of ``pixels`` by ``columns`` in registers; threads take panels of filters and rows of the image.

    The weights are an argument in packed form (``pack_weights``): a network's weights are packed once, before it runs.
    Bias and ReLU are applied to a tile as it leaves the registers.

    Before::

        for h, w, c: P[h, w, c] = X with a border of zeros
        for h, w, f, r, s, c: S[h, w, f] += P[h + r, w + s, c] * W[r, s, c, f]
        for h, w, f: Y[h, w, f] = max(S[h, w, f] + B[f], 0)

    After::

        for h in parallel, w: for c in vectorized: P[h, w, c] = …
        for panel, h in parallel:
            for w0:
                acc[pixels, columns] = 0
                for r, s, c:
                    for w1 in unrolled(pixels), f1 in unrolled(vectors):
                        for f2 in vectorized(lanes): acc[w1, f] += P[h + r, w + s, c] * W[panel, r, s, c, f]
                Y[tile] = max(acc + B, 0)

    Args:
        mod: ``programs.conv2d_bias_relu``.
        tiles: from ``conv_tiles``; ``pixels`` divides the width and ``columns`` the filters.

    Raises:
        tvm.s_tir.ScheduleError: ``mod`` lacks a block of the program.
        ValueError: the tile does not divide the image.
    """
    sch = Schedule(mod)
    h, w, f = sch.get_loops("Y")
    width, filters = int(sch.get(w).extent), int(sch.get(f).extent)
    if width % tiles.pixels or filters % tiles.columns:
        raise invalid(
            f"tiles: got {tiles}, must divide {width} pixels and {filters} filters",
            f"tiles：得到 {tiles}，要能整除 {width} 个像素和 {filters} 个卷积核",
        )
    columns = tiles.columns
    sch.transform_layout("S", ("read", 1), lambda r, s, c, f: (f // columns, r, s, c, f % columns))
    w0, w1 = sch.split(w, [None, tiles.pixels])
    panel, f1, f2 = sch.split(f, [None, tiles.vectors, tiles.lanes])
    sch.reorder(panel, h, w0, w1, f1, f2)
    sch.compute_at("S", w0, preserve_unit_loops=True)
    sch.set_scope("S", 0, "local")
    sch.parallel(sch.fuse(panel, h))
    for loop, mark in ((w1, sch.unroll), (f1, sch.unroll), (f2, sch.vectorize)):
        mark(loop)
    _sum_in_registers(sch, tiles)
    h, _w, c = sch.get_loops("P")
    channels = int(sch.get(c).extent)
    if channels % tiles.lanes == 0:
        sch.vectorize(sch.split(c, [None, tiles.lanes])[1])
    sch.parallel(h)
    return sch


def _sum_in_registers(sch: Schedule, tiles: ConvTiles) -> None:
    h, w, f, r, s, c = sch.get_loops("S")[-6:]
    f1, f2 = sch.split(f, [None, tiles.lanes])
    sch.reorder(h, r, s, c, w, f1, f2)
    sch.unroll(w)
    sch.unroll(f1)
    sch.vectorize(f2)
    zero = sch.decompose_reduction("S", r)
    for loop in sch.get_loops(zero)[-3:-1]:
        sch.unroll(loop)
