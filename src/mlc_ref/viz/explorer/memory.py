"""What the programs of a schedule do with memory: the order of their accesses, and what is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tvm
from tvm import tirx

from mlc_ref.cache_model import LINE_BYTES, Order, access_order
from mlc_ref.cache_model.cache import count
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.memory import allocated_bytes
from mlc_ref.checks.sites import function, nodes, sites
from mlc_ref.gpu_sim import SimulationError, simulate
from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print
from mlc_ref.viz.explorer.delta_encoding import pack

MOST_ELEMENTS = 4096
"""Elements of all buffers of a picture together."""
_TOO_LARGE = Text(
    "explore: got a program whose buffers hold {elements} elements, the picture draws at most {most}; "
    "pass a smaller instance as small=, or picture=False",
    "explore：得到的程序的缓冲区共有 {elements} 个元素，图中最多画 {most} 个；请用 small= 传入更小的实例，或设 picture=False",
)


@dataclass
class Pictures:
    """The access orders of several programs, each kept once, and the buffers in them.

    Attributes:
        limit: accesses kept of each program, from its beginning.
        buffers: ``[name, shape, bytes of an element, scope]`` of each buffer in any of them.
        orders: ``total`` accesses of one run, the ``buffers`` it touches, and of the accesses kept ``codes``
            (position in ``buffers`` times two, plus one for a store), ``elements`` and ``joined``, each as
            ``pack`` writes it.
    """

    limit: int
    buffers: list[list[Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)

    def add(self, order: Order) -> int:
        """Position in ``orders`` of an order."""
        kept = _whole_groups(order, self.limit)
        places = np.array(self.places(order.buffers) or [0], np.int64)
        made = {
            "total": len(order),
            "buffers": places.tolist() if order.buffers else [],
            "codes": pack(places[order.owners[:kept]] * 2 + order.stores[:kept]),
            "elements": pack(order.elements[:kept]),
            "joined": pack(order.joined[:kept]),
        }
        if made not in self.orders:
            self.orders.append(made)
        return self.orders.index(made)

    def places(self, buffers: Sequence[tirx.Buffer]) -> list[int]:
        """Position in ``buffers`` of each buffer of a program."""
        described = _described(buffers)
        self.buffers += [each for each in described if each not in self.buffers]
        return [self.buffers.index(each) for each in described]


def _whole_groups(order: Order, limit: int) -> int:
    """At most ``limit`` accesses, cut where no group of them is divided."""
    if len(order) <= limit:
        return len(order)
    starts = np.flatnonzero(~order.joined[: limit + 1])
    return int(starts[-1]) or limit


def _described(buffers: Sequence[tirx.Buffer]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for buffer in buffers:
        name = str(buffer.name).replace(".", "_")
        taken = sum(each[0].split("'")[0] == name for each in found)
        item = np.dtype(str(buffer.dtype)).itemsize
        found.append([name + "'" * taken, [constant(size) for size in buffer.shape], item, str(buffer.scope())])
    return found


@takes("IRModule")
def order_of(mod: tvm.IRModule, entry: str) -> Order | None:
    """Accesses in order, lanes and threads together; ``None`` where a program calls instructions.

    Raises:
        ValueError: the program is too large to be drawn.
    """
    sizes = [[constant(size) for size in buffer.shape] for buffer in parameters(function(mod, entry))]
    elements = sum(int(np.prod([size or MOST_ELEMENTS + 1 for size in shape])) for shape in sizes)
    if elements > MOST_ELEMENTS:
        raise ValueError(for_print(_TOO_LARGE.format(elements=elements, most=MOST_ELEMENTS)))
    try:
        return access_order(mod, lockstep=True, entry=entry)
    except ValueError:
        return None


@takes("PrimFunc")
def parameters(func: tirx.PrimFunc) -> list[tirx.Buffer]:
    """The buffers a function is called with."""
    return [parameter for parameter in func.params if tirx.is_buffer_var(parameter)]


@dataclass(frozen=True)
class Counted:
    """A set of counters.

    Attributes:
        names: one for each number.
        model: what the numbers are counted on.
        bar: position of the number that is drawn as a bar.
        of: the numbers of a program; ``None`` where it cannot be counted yet.
    """

    names: tuple[Text, ...]
    model: Text
    bar: int
    of: Callable[[tvm.IRModule, Order | None], list[int] | None]


def on_cpu(cache_bytes: int, entry: str) -> Counted:
    """Loads, stores and bytes moved, on the cache model."""

    def numbers(mod: tvm.IRModule, order: Order | None) -> list[int] | None:
        if order is None:
            return None
        found = count(order, cache_bytes)
        return [found.loads, found.stores, found.moved_bytes, allocated_bytes(mod, entry=entry)]

    names = (
        Text("loads", "读取次数"), Text("stores", "写入次数"),
        Text("bytes moved between cache and memory", "缓存与内存之间搬运的字节"),
        Text("bytes of intermediate buffers", "中间缓冲区的字节"),
    )  # fmt: skip
    model = Text(
        f"Counted on the instance drawn, with a model cache of {cache_bytes} bytes in lines of {LINE_BYTES}; "
        "the line that was not used for longest leaves first, registers cost nothing.",
        f"按图中的实例统计，模型缓存共 {cache_bytes} 字节，每个缓存行 {LINE_BYTES} 字节；最久未用的缓存行先换出，寄存器不计。",
    )
    return Counted(names, model, 2, numbers)


def on_gpu(entry: str) -> Counted:
    """What the simulator counts, once all loops that must be are bound to threads."""

    def numbers(mod: tvm.IRModule, _order: Order | None) -> list[int] | None:
        try:
            inputs, outputs = _arguments(function(mod, entry), mod, entry)
            found = [kernel.counters for kernel in simulate(mod, inputs, outputs, entry=entry).kernels]
        except (SimulationError, ValueError, tvm.error.InternalError):
            return None  # the steps so far are no kernel yet
        total = sum(found[1:], found[0])
        shared = total.shared_load_requests + total.shared_store_requests
        conflicts = total.shared_load_conflicts + total.shared_store_conflicts
        return [total.global_bytes, shared, conflicts, total.barriers, total.shared_bytes_per_block]

    names = (
        Text("bytes from and to global memory", "全局内存读写的字节"),
        Text("requests to shared memory", "共享内存请求次数"),
        Text("extra passes for bank conflicts", "存储体冲突多出的轮数"),
        Text("barriers", "屏障"), Text("shared memory of a block, bytes", "每个线程块的共享内存字节"),
    )  # fmt: skip
    model = Text(
        "Counted by the course's GPU simulator on the instance drawn, as soon as the steps so far make a kernel.",
        "由课程的 GPU 模拟器按图中的实例统计；凑成完整的内核之后才开始统计。",
    )
    return Counted(names, model, 0, numbers)


def _arguments(func: tirx.PrimFunc, mod: tvm.IRModule, entry: str) -> tuple[list, list]:
    """Arrays of ones for what a function reads, shapes and types for what it writes."""
    written = [buffer for site in sites(mod, entry) for buffer in site.written]
    inputs, outputs = [], []
    for buffer in parameters(func):
        shape, dtype = tuple(int(size) for size in buffer.shape), str(buffer.dtype)
        if any(buffer.same_as(each) for each in written):
            outputs.append((shape, dtype))
        else:
            inputs.append(np.ones(shape, dtype))
    return inputs, outputs


@takes("IRModule")
def runs_on_gpu(mod: tvm.IRModule, entry: str) -> bool:
    """Whether a program has loops bound to blocks or threads."""
    try:
        return any(loop.thread_binding is not None for loop in nodes(function(mod, entry).body, tirx.For))
    except CheckFailure:
        return False
