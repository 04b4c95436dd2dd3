"""What all Tensor Core instructions share; ``fragments`` holds those of wmma, ``registers`` ``ldmatrix`` and ``mma``.

The layout of ``mma.sync.m16n8k16`` and ``ldmatrix`` registers is that of the PTX ISA manual, sections
"Matrix fragments for mma.m16n8k16" and "ldmatrix". CUDA leaves the layout of wmma fragments open; the
simulator stores the matrix itself and counts memory accesses as the layout above would make them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.errors import BarrierDivergence, Place, UninitializedRead
from mlc_ref.gpu_sim.expressions import Expressions
from mlc_ref.gpu_sim.lanes import WARP, Pattern
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.pointers import buffer_of
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.language import Text

TILE = 16
CELLS = TILE * TILE
LANE = np.arange(WARP)


class Matrices:
    """What the matrix instructions of one statement need."""

    def __init__(self, machine: Machine, expressions: Expressions, row: Row, call: Any):
        self.machine, self.expressions, self.row, self.args = machine, expressions, row, call.args

    def memory(self, position: int) -> Memory:
        """The fragment or register memory that an argument names."""
        return self.machine.memory(buffer_of(self.args[position]))

    def number(self, position: int) -> Callable[[], int]:
        """An argument that all lanes agree on."""
        code = self.expressions.compile(self.args[position])
        if not code.uniform:
            raise self.expressions.unsupported(
                Text(
                    "a matrix instruction whose fragment or stride differs between threads",
                    "各线程片段或步长不同的矩阵指令",
                )
            )
        return code.run

    def require_tile(self, *positions: int) -> None:
        """Only 16x16x16 is known."""
        sizes = [int(self.args[p]) for p in positions]
        if any(size != TILE for size in sizes):
            known = f"{TILE}x{TILE}x{TILE}"
            raise self.expressions.unsupported(
                Text(f"a matrix shape of {sizes}, other than {known},", f" {known} 以外的矩阵形状 {sizes}")
            )

    def groups(self) -> np.ndarray:
        """The warps at work, as groups of fragment memory.

        Raises:
            BarrierDivergence: part of a warp executes a matrix instruction.
        """
        active = self.machine.mask.by_warp
        every = active.all(-1)
        partly = active.any(-1) & ~every
        if partly.any():
            block, warp = (int(i) for i in np.argwhere(partly)[0])
            missing = int(np.flatnonzero(~active[block, warp])[0])
            thread = min(warp * WARP + missing, self.machine.lanes.threads - 1)
            place = self.machine.lanes.place(thread * self.machine.lanes.blocks + block)
            at = Place(self.machine.name, *place, "none", 0, self.row.statement)
            raise BarrierDivergence(
                Text(
                    "a matrix instruction needs all {warp} threads of a warp; missing next to: {at}",
                    "矩阵指令需要线程束的全部 {warp} 个线程；缺少的线程在：{at}",
                ).format(warp=WARP, at=at.text)
            )
        return np.flatnonzero(every.T.reshape(-1))

    def count(self, operations: int) -> None:
        """One matrix instruction of every warp at work."""
        self.row.events["matrix_instructions", self.machine.mask] += 1
        self.row.events["matrix_operations", self.machine.mask] += operations

    def shifted(self, base: Pattern, shift: np.ndarray) -> tuple[int, Pattern]:
        """``base`` plus a distance for each lane of a warp: ``shift`` is ``(32,)`` or ``(width, 32)``."""
        lanes = self.machine.lanes
        number = lanes.thread_number % WARP
        return lanes.pattern(base.array + shift[..., number])

    def defined_tile(self, memory: Memory, index: int, groups: np.ndarray) -> np.ndarray:
        """A fragment as ``(groups, 256)``; stops where it was never filled."""
        part = slice(index * CELLS, (index + 1) * CELLS)
        assert memory.defined is not None
        if self.machine.options.uninitialized and not memory.defined[part][:, groups].all():
            raise UninitializedRead(
                Text(
                    "kernel {kernel}: fragment {index} of {memory} was never filled; statement: {statement}",
                    "内核 {kernel}：{memory} 的第 {index} 个片段从未填充；语句：{statement}",
                ).format(kernel=self.machine.name, index=index, memory=memory.name, statement=self.row.statement)
            )
        return memory.data[part][:, groups].T

    def set_tile(self, memory: Memory, index: int, groups: np.ndarray, values: np.ndarray) -> None:
        """Store ``(groups, 256)`` values into a fragment."""
        part = slice(index * CELLS, (index + 1) * CELLS)
        memory.data[part][:, groups] = values.T
        assert memory.defined is not None
        memory.defined[part][:, groups] = True


def multiply(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """``a @ b + c``; of floats of at most 32 bits in float32, of integers in int32."""
    wide = np.int32 if c.dtype.kind in "iu" else np.promote_types(c.dtype, np.float32)
    return (np.matmul(a.astype(wide), b.astype(wide)) + c.astype(wide)).astype(c.dtype)
