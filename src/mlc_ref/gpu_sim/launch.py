"""From a lowered function to its kernels: arguments, shapes, grids and passes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.arguments import Storage, parameter_element
from mlc_ref.gpu_sim.codes import Code, fixed
from mlc_ref.gpu_sim.elements import Element
from mlc_ref.gpu_sim.errors import StepLimit, Unsupported
from mlc_ref.gpu_sim.expressions import Expressions
from mlc_ref.gpu_sim.extents import Extents
from mlc_ref.gpu_sim.lanes import AXES, Lanes
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.pointers import buffer_of
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

Extent = tuple[int, int, int]
_SERIAL = 0
MAX_THREADS = 1024
MAX_GRID = (2**31 - 1, 65535, 65535)


@dataclass(frozen=True)
class Kernel:
    """One kernel of a function.

    Attributes:
        grid, block: ``(x, y, z)`` extents.
        body: the IR below the function's host part.
        scope: the host's variables when it starts.
    """

    name: str
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    body: Any
    scope: dict[Any, Code]

    @property
    def extents(self) -> tuple[int, ...]:
        """Extents in the order of ``AXES``."""
        return (*self.block[::-1], *self.grid[::-1])


class Host:
    """The host part of a function: bound arguments and the kernels in order.

    Args:
        func: a lowered ``PrimFunc``.
        arrays: for each buffer parameter, its storage; for each scalar parameter, its number.
    """

    def __init__(self, func: Any, arrays: list[Any], options: Options):
        self._options = options
        self.scope: dict[Any, Code] = {}
        self.storages: dict[Any, Storage] = {}
        self.kernels: list[Kernel] = []
        self._numbers: dict[Any, int] = {}
        self._turns = 0
        self.name = str(func.attrs["global_symbol"]) if func.attrs and "global_symbol" in func.attrs else "main"
        self._machine = Machine(self.name, Lanes((1,) * 6, (0, 0, 0)), options)
        self._expressions = Expressions(self._machine, self.scope)
        given = list(zip(func.params, arrays, strict=True))
        self.scope.update({parameter: fixed(value) for parameter, value in given if not isinstance(value, Storage)})
        buffers = [(parameter, value) for parameter, value in given if isinstance(value, Storage)]
        for parameter, value in buffers:
            self._bind_sizes(parameter, value.data)
        for parameter, value in buffers:
            self._require_shape(parameter, value.data)
            self.storages[parameter] = value
            value.data = value.data.reshape(-1)
        self._walk(func.body)

    def extents(self, body: Any, scope: dict[Any, Code]) -> Extents:
        """The extents in a kernel that starts with these variables."""
        return Extents(self._machine, body, scope)

    def _bind_sizes(self, parameter: Any, array: np.ndarray) -> None:
        """Sizes that a parameter's shape names; another parameter's shape may be a sum or a product of them."""
        shape, element = _shape_of(parameter)
        if element.dtype != array.dtype or len(shape) != array.ndim:
            got, takes = f"{array.dtype}{list(array.shape)}", f"{element.dtype}[{', '.join(map(str, shape))}]"
            raise invalid(
                f"argument {parameter.name}: got {got}, the function takes {takes}",
                f"参数 {parameter.name}：得到 {got}，函数要 {takes}",
            )
        for extent, found in zip(shape, array.shape, strict=True):
            if type(extent).__name__ == "Var":
                self.scope.setdefault(extent, fixed(found))

    def _require_shape(self, parameter: Any, array: np.ndarray) -> None:
        for extent, found in zip(_shape_of(parameter)[0], array.shape, strict=True):
            if self.number(extent) != found:
                raise invalid(
                    f"argument {parameter.name}: got shape {array.shape}, expected {extent} where it has {found}",
                    f"参数 {parameter.name}：得到形状 {array.shape}，其中的 {found} 应当是 {extent}",
                )
        self._bind_place(parameter.ty, array)

    def _bind_place(self, buffer: Any, array: np.ndarray) -> None:
        """An array starts at its memory's first element, and its rows follow one another."""
        strides = [stride // array.itemsize for stride in array.strides]
        for variable, value in ((buffer.elem_offset, 0), *zip(buffer.strides or (), strides, strict=False)):
            if type(variable).__name__ == "Var" and variable not in self.scope:
                self.scope[variable] = fixed(value)
            elif variable is not None and self.number(variable) != value:
                raise Unsupported(
                    Text(
                        f"function {self.name}: a buffer that starts at {variable}, or whose rows are so far apart, is not supported",
                        f"函数 {self.name}：不支持起点或行距为 {variable} 的缓冲区",
                    )
                )

    def number(self, expr: Any) -> int:
        """The value of an expression over constants and shapes."""
        return expr if isinstance(expr, int) else int(self._expressions.compile(expr).run())

    def _walk(self, stmt: Any) -> None:
        kind = type(stmt).__name__
        if kind == "SeqStmt":
            for one in stmt.seq:
                self._walk(one)
        elif kind == "AttrStmt" and stmt.attr_key == "thread_extent":
            self._add_kernel(stmt)
        elif kind == "AttrStmt":
            self._walk(stmt.body)
        elif kind == "AllocBuffer":
            self._allocate(stmt.buffer)
        elif kind == "DeclBuffer":
            self._declare(stmt)
        elif kind == "Bind":
            self.scope[stmt.var] = self._expressions.compile(stmt.value)
        elif kind == "For" and int(stmt.kind) == _SERIAL and stmt.step is None:
            self._repeat(stmt)
        elif kind == "IfThenElse":
            chosen = stmt.then_case if self.number(stmt.condition) else stmt.else_case
            if chosen is not None:
                self._walk(chosen)
        elif not (kind == "Evaluate" and type(stmt.value).__name__ == "IntImm"):
            raise Unsupported(
                Text(
                    "function {name}: statement {kind} outside a kernel is not supported: {stmt}",
                    "函数 {name}：不支持内核之外的语句 {kind}：{stmt}",
                ).format(name=self.name, kind=kind, stmt=Row(stmt).statement)
            )

    def _declare(self, stmt: Any) -> None:
        storage = self.storages[buffer_of(stmt.data)]
        if storage.data.dtype != self._expressions.element(stmt.buffer).dtype:
            raise Unsupported(
                Text(
                    f"function {self.name}: argument {storage.name} seen as another element type is not supported: {stmt}",
                    f"函数 {self.name}：不支持把参数 {storage.name} 当作另一种元素类型：{stmt}",
                )
            )
        self.storages[stmt.buffer] = storage

    def _repeat(self, loop: Any) -> None:
        """A loop on the host, which starts its kernels anew each time."""
        first = self.number(loop.min)
        for value in range(first, first + self.number(loop.extent)):
            self._turns += 1
            if self._turns > self._options.step_limit:
                limit = self._options.step_limit
                raise StepLimit(
                    Text(
                        f"function {self.name}: more than {limit} turns of loops on the host",
                        f"函数 {self.name}：主机上的循环超过 {limit} 次",
                    )
                )
            self.scope[loop.loop_var] = fixed(value)
            self._walk(loop.body)

    def _allocate(self, buffer: Any) -> None:
        size = math.prod(self.number(s) for s in buffer.shape)
        element = self._expressions.element(buffer)
        what = Text(f"function {self.name}: {buffer.name}", f"函数 {self.name}：{buffer.name} ")
        _require_memory(what, size * element.width * element.dtype.itemsize, self._options)
        data = np.zeros(size * element.width, element.dtype)
        self.storages[buffer] = Storage(buffer.name, data, np.zeros(data.size, bool))

    def _add_kernel(self, stmt: Any) -> None:
        extents = dict.fromkeys(AXES, 1)
        for tag, extent in self.extents(stmt, self.scope).threads():
            if tag not in extents:
                where = self.name
                raise Unsupported(
                    Text(f"function {where}: thread axis {tag} is not supported", f"函数 {where}：不支持线程轴 {tag}")
                )
            extents[tag] = extent
        number = self._numbers.setdefault(stmt, len(self._numbers))
        name = f"{self.name}_kernel" + (f"_{number}" if number else "")
        block = (extents["threadIdx.x"], extents["threadIdx.y"], extents["threadIdx.z"])
        grid = (extents["blockIdx.x"], extents["blockIdx.y"], extents["blockIdx.z"])
        _require_launchable(name, block, grid)
        self.kernels.append(Kernel(name, grid, block, stmt, dict(self.scope)))


def _shape_of(parameter: Any) -> tuple[list[Any], Element]:
    """The shape of a buffer parameter, with the length of its vectors at the end, and what its elements are."""
    element = parameter_element(parameter)
    return [*parameter.ty.shape, *([element.width] if element.width > 1 else [])], element


def _require_launchable(name: str, block: Extent, grid: Extent) -> None:
    threads = math.prod(block)
    refused = None
    if min(*block, *grid) < 1:
        refused = Text(
            "blocks of {block} in a grid of {grid}, at least 1 each way is needed",
            "网格 {grid} 中的线程块为 {block}，每个方向至少为 1",
        )
    elif threads > MAX_THREADS:
        refused = Text(
            "a block of {block} has {threads} threads, at most {max_threads} are allowed",
            "线程块 {block} 有 {threads} 个线程，最多允许 {max_threads} 个",
        )
    elif any(extent > most for extent, most in zip(grid, MAX_GRID, strict=True)):
        refused = Text("a grid of {grid}, at most {max_grid} is allowed", "网格为 {grid}，最大允许 {max_grid}")
    if refused is not None:
        what = refused.format(block=block, grid=grid, threads=threads, max_threads=MAX_THREADS, max_grid=MAX_GRID)
        raise Unsupported(Text(f"kernel {name}: {what.en}", f"内核 {name}：{what.zh}"))


def _require_memory(what: Text, needed: int, options: Options) -> None:
    if needed > options.memory_limit:
        most = options.memory_limit
        raise StepLimit(
            Text(
                f"{what.en} needs {needed} bytes, at most {most} are allowed",
                f"{what.zh}需要 {needed} 字节，最多允许 {most} 字节",
            )
        )


def passes(kernel: Kernel, host: Host, options: Options) -> Iterator[Lanes]:
    """The kernel's grid in boxes of consecutive blocks, as large as the options allow.

    Raises:
        StepLimit: one block alone needs more memory than allowed.
    """
    threads = int(np.prod(kernel.block))
    shared, private = host.extents(kernel.body, kernel.scope).memory()
    needed = shared + private * threads
    _require_memory(Text(f"kernel {kernel.name}: a block", f"内核 {kernel.name}：一个线程块"), needed, options)
    at_once = max(1, min(options.threads_per_pass // threads, options.memory_limit // max(needed, 1)))
    x, y, z = kernel.grid
    step_x = min(x, at_once)
    step_y = min(y, max(1, at_once // x))
    step_z = min(z, max(1, at_once // (x * y)))
    for first_z in range(0, z, step_z):
        for first_y in range(0, y, step_y):
            for first_x in range(0, x, step_x):
                box = (min(step_z, z - first_z), min(step_y, y - first_y), min(step_x, x - first_x))
                yield Lanes((*kernel.extents[:3], *box), (first_z, first_y, first_x))


def global_memories(host: Host, lanes: Lanes) -> dict[Any, Memory]:
    """The function's buffers as memories of one pass; names of one buffer share one memory."""
    made: dict[int, Memory] = {}
    for storage in host.storages.values():
        if id(storage) not in made:
            defined = None if storage.defined is None else storage.defined.reshape(-1, 1)
            made[id(storage)] = Memory(
                storage.name, "global", lanes, storage.data.reshape(-1, 1), defined, origin=storage
            )
    return {variable: made[id(storage)] for variable, storage in host.storages.items()}
