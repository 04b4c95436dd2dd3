"""The outcome of a simulation, and its tables."""

from dataclasses import dataclass, field
from html import escape

import numpy as np

from mlc_ref.gpu_sim.counters import NAMES, Counters
from mlc_ref.gpu_sim.devices import Occupancy, Roofline, device, occupancy, roofline
from mlc_ref.kinds import invalid
from mlc_ref.language import LANGUAGES, Language, Text, current_language, for_print

_LABELS = {
    "global_load_requests": Text("global load requests", "全局内存加载请求"),
    "global_load_sectors": Text("global load sectors", "全局内存加载扇区"),
    "global_load_bytes": Text("global load bytes", "全局内存加载字节"),
    "global_store_requests": Text("global store requests", "全局内存存储请求"),
    "global_store_sectors": Text("global store sectors", "全局内存存储扇区"),
    "global_store_bytes": Text("global store bytes", "全局内存存储字节"),
    "shared_load_requests": Text("shared load requests", "共享内存加载请求"),
    "shared_load_conflicts": Text("shared load conflicts", "共享内存加载冲突"),
    "shared_store_requests": Text("shared store requests", "共享内存存储请求"),
    "shared_store_conflicts": Text("shared store conflicts", "共享内存存储冲突"),
    "barriers": Text("barriers", "屏障"),
    "divergent_branches": Text("divergent branches", "分支发散"),
    "flops": Text("flops", "浮点运算"),
    "matrix_instructions": Text("matrix instructions", "矩阵指令"),
    "matrix_operations": Text("matrix operations", "矩阵运算"),
    "shared_bytes_per_block": Text("shared bytes per block", "每线程块共享内存字节"),
    "local_bytes_per_thread": Text("local bytes per thread", "每线程局部内存字节"),
}
_ALWAYS = (
    "global_load_requests",
    "global_load_sectors",
    "global_store_requests",
    "global_store_sectors",
    "barriers",
    "flops",
)
_COUNTER = Text("counter", "计数器")
_KERNEL = Text("{name}: grid {grid}, block {block}", "{name}：网格 {grid}，线程块 {block}")


SAMPLED = 4096  # lanes of which an access keeps its indices


@dataclass(frozen=True, eq=False)
class AccessSample:
    """One access of global or shared memory as it ran first, for pictures.

    Attributes:
        kind: ``load``, ``store`` or ``atomic``.
        itemsize: bytes of an element.
        width: elements each thread accesses side by side.
        indices: ``(blocks, threads)`` first element in the flattened buffer, -1 for inactive threads,
            of the first blocks only.
    """

    buffer: str
    scope: str
    kind: str
    itemsize: int
    width: int
    indices: np.ndarray

    def warp(self, number: int = 0, block: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Byte addresses of a warp's lanes, and which lanes are active: both ``(32,)`` at most."""
        indices = self.indices[block, number * 32 : (number + 1) * 32]
        return indices * self.itemsize, indices >= 0


@dataclass(frozen=True)
class StatementResult:
    """One statement of a kernel, as TVMScript prints it, what it cost, and its accesses as they ran first."""

    statement: str
    counters: Counters
    accesses: tuple[AccessSample, ...] = ()


@dataclass(frozen=True)
class KernelResult:
    """One kernel.

    Attributes:
        grid, block: ``(x, y, z)`` extents.
        counters: the sum over ``statements``, and the sizes of memory.
        statements: one for each statement of the lowered program that does something.
    """

    name: str
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    counters: Counters
    statements: tuple[StatementResult, ...]

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return int(np.prod(self.block))

    def occupancy(self, on: str = "sm_80", registers: int | None = None) -> Occupancy:
        """Resident blocks on a multiprocessor; see ``devices.occupancy``."""
        return occupancy(device(on), self.threads, self.counters, registers)

    def roofline(self, on: str = "sm_80") -> Roofline:
        """The roofline bound; see ``devices.roofline``."""
        return roofline(device(on), self.counters)

    def access(self, buffer: str, kind: str = "load") -> AccessSample:
        """The first access of a buffer.

        Raises:
            ValueError: there is none; the message lists what there is.
        """
        found = [a for row in self.statements for a in row.accesses]
        for sample in found:
            if (sample.buffer, sample.kind) == (buffer, kind):
                return sample
        there = ", ".join(sorted({f"{a.kind} {a.buffer}" for a in found}))
        raise invalid(
            f"access: no {kind} of {buffer!r} in {self.name}; there are: {there}",
            f"access：{self.name} 中没有 {buffer!r} 的 {kind}；可选的有：{there}",
        )

    def table(self) -> str:
        """Each statement with its counters that are not 0, in the reader's language."""
        return for_print(Text(*map(self._table, LANGUAGES)))

    def _table(self, language: Language) -> str:
        lines = [_KERNEL.format(name=self.name, grid=self.grid, block=self.block).get(language)]
        for row in self.statements:
            counted = {_LABELS[name].get(language): getattr(row.counters, name) for name in NAMES}
            lines += [f"  {row.statement}", *(f"      {name} {value:,}" for name, value in counted.items() if value)]
        return "\n".join(lines)


@dataclass(frozen=True)
class Result:
    """What a simulation returns; prints as a table and shows as one in a notebook.

    Attributes:
        outputs: the output arrays, in order.
        kernels: in the order they ran.
        inputs: the arrays of the other buffer parameters as the kernels left them.
    """

    outputs: list[np.ndarray]
    kernels: list[KernelResult]
    inputs: list[np.ndarray] = field(default_factory=list)

    @property
    def counters(self) -> Counters:
        """The sum over the kernels; of sizes the largest."""
        return sum((k.counters for k in self.kernels), Counters())

    def occupancy(self, device: str = "sm_80", registers: int | None = None) -> Occupancy:
        """Occupancy of the only kernel; with several, ask ``kernels[i]``.

        Raises:
            ValueError: there are several kernels, or none.
        """
        if len(self.kernels) != 1:
            raise invalid(
                f"occupancy: {len(self.kernels)} kernels ran, ask one of result.kernels",
                f"occupancy：运行了 {len(self.kernels)} 个内核，请对 result.kernels 中的一个求占用率",
            )
        return self.kernels[0].occupancy(device, registers)

    def roofline(self, device: str = "sm_80") -> Roofline:
        """Roofline bound of all kernels together."""
        from mlc_ref.gpu_sim import devices

        return devices.roofline(devices.device(device), self.counters)

    def rows(self) -> list[tuple[str, list[int]]]:
        """For each counter that is worth a line: its name, and its value in every kernel."""
        shown = [n for n in NAMES if n in _ALWAYS or any(getattr(k.counters, n) for k in self.kernels)]
        return [(name, [getattr(k.counters, name) for k in self.kernels]) for name in shown]

    def __str__(self) -> str:
        return for_print(Text(*map(self._text, LANGUAGES)))

    def _text(self, language: Language) -> str:
        head = [_COUNTER.get(language), *(f"{k.name} {_shape(k.grid)}×{_shape(k.block)}" for k in self.kernels)]
        rows = [[_LABELS[n].get(language), *(f"{v:,}" for v in values)] for n, values in self.rows()]
        return aligned([head, *rows])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        language: Language = current_language()
        names = [f"{k.name}<br>{_shape(k.grid)} × {_shape(k.block)}" for k in self.kernels]
        head = "".join(f"<th>{cell}</th>" for cell in (_COUNTER.get(language), *names))
        body = ""
        for name, values in self.rows():
            numbers = "".join(f'<td style="text-align:right">{v:,}</td>' for v in values)
            body += f'<tr><td style="text-align:left">{escape(_LABELS[name].get(language))}</td>{numbers}</tr>'
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def label(counter: str) -> Text:
    """What a counter is called."""
    return _LABELS[counter]


def _shape(extents: tuple[int, int, int]) -> str:
    return f"({', '.join(map(str, extents))})"


def aligned(rows: list[list[str]], least: int = 0) -> str:
    """Rows of a table under each other, the first column to the left, the others to the right.

    Args:
        least: characters of a column other than the first, at least.
    """
    first, *others = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, [first, *(max(least, width) for width in others)]) for row in rows)


def _width(text: str) -> int:
    """Columns a terminal needs: a Chinese character takes two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _line(cells: list[str], widths: list[int]) -> str:
    first, *rest = cells
    padded = [first + " " * (widths[0] - _width(first))]
    padded += [" " * (w - _width(c)) + c for c, w in zip(rest, widths[1:], strict=True)]
    return "  ".join(padded).rstrip()
