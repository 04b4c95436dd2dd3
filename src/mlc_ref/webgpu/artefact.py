"""An artefact: kernels as WGSL text, and everything a page must know to run them, as JSON.

The JSON holds no code but WGSL, which a browser gives to its own sandboxed compiler. The script that
reads it is ``chapters/_static/widgets/webgpu/artefact.js``; both sides check the same rules.
"""

import base64
import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

from mlc_ref.language import Text
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.reference import Reference
from mlc_ref.webgpu.refusals import kernel as in_kernel
from mlc_ref.webgpu.refusals import span, unsupported

FORMAT, VERSION = "mlc-webgpu", 3
_READ = (1, 2, VERSION)  # tensors of version 1 have no range, those of version 2 no state
Role = Literal["input", "output", "state", "constant", "temporary"]
Extents = tuple[int, int, int]
_FORMAT = Text("format", "格式")
_EXPORT = Text("export the program again", "请重新导出该程序")
_FEWER_THREADS = Text("bind fewer iterations to threads", "请把更少的迭代绑定到线程")
_FEWER_BLOCKS = Text("give each thread more elements", "请让每个线程处理更多元素")
_BYTES = Text("{size} bytes", "{size} 字节")
_SHARES = Text(
    "a tensor that is written and shares its storage with another", "一个要写入的张量，它与别的张量共用存储块"
)


@dataclass(frozen=True)
class Tensor:
    """A tensor and the storage it lies in, from its first byte on.

    Attributes:
        role: ``input`` and ``output`` are the program's parameters and results, ``constant`` lies in the
            weights, ``temporary`` is written by one kernel and read by another. ``state`` begins as zeros, and each run begins
            with what the last one left in it.
        storage: index into ``Artefact.storages``. Temporaries whose lives do not overlap may share one.
        range: least and greatest value of an input or state of integers, where not all of its type are allowed.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    role: Role
    storage: int
    range: tuple[int, int] | None = None

    @property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        return self.elements * limits.ELEMENT_BYTES[self.dtype]


@dataclass(frozen=True)
class Kernel:
    """One WGSL module with one entry point of the same name.

    Attributes:
        block: threads along x, y, z (WGSL: ``workgroup_size``).
        shared_bytes: workgroup memory of a block.
        access: for each binding from 0 on, ``read`` or ``read_write``; the uniform follows them.
    """

    name: str
    block: Extents
    shared_bytes: int
    access: tuple[str, ...]
    wgsl: str


@dataclass(frozen=True)
class Launch:
    """One start of a kernel.

    Attributes:
        kernel: index into ``Artefact.kernels``.
        grid: blocks along x, y, z.
        tensors: for each binding, an index into ``Artefact.tensors``.
        uniform: the words of the uniform buffer; the last is the number of blocks along x, minus one.
    """

    kernel: int
    grid: Extents
    tensors: tuple[int, ...]
    uniform: tuple[int, ...]


@dataclass(frozen=True)
class Artefact:
    """What ``compile_kernels`` and ``compile_model`` make.

    Attributes:
        storages: bytes of each buffer of the device.
        launches: in the order they run.
        features: optional WebGPU features the WGSL needs.
        weights: the constants' values one after the other, in the order of ``tensors``, little endian.
        reference: inputs to try it with and the results they must give; None where the page supplies both.

    Raises:
        Unsupported: the parts break a limit of WebGPU or do not fit together.
    """

    name: str
    storages: tuple[int, ...]
    tensors: tuple[Tensor, ...]
    kernels: tuple[Kernel, ...]
    launches: tuple[Launch, ...]
    features: tuple[str, ...] = ()
    weights: bytes = b""
    reference: Reference | None = None

    def __post_init__(self) -> None:
        check(self)

    def with_role(self, role: Role) -> list[int]:
        """Indices of the tensors of a role, in order."""
        return [i for i, tensor in enumerate(self.tensors) if tensor.role == role]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; ``from_dict`` reads it back."""
        data = {"format": FORMAT, "version": VERSION if self.with_role("state") else 2, **asdict(self)}
        data["weights"] = base64.b64encode(self.weights).decode()
        data["reference"] = self.reference.to_dict() if self.reference else None
        return data

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_dict(data: dict[str, Any]) -> Artefact:
    """The artefact of ``Artefact.to_dict``.

    Raises:
        Unsupported: another format or version, or parts that do not fit together.
    """
    if data.get("format") != FORMAT or data.get("version") not in _READ:
        allowed = Text(f"{FORMAT} {' or '.join(map(str, _READ))}", f"{FORMAT} {' 或 '.join(map(str, _READ))}")
        raise unsupported(_FORMAT, f"{data.get('format')!r} {data.get('version')!r}", allowed, _EXPORT)
    if (version := data["version"]) < VERSION and any(tensor["role"] == "state" for tensor in data["tensors"]):
        got = Text(f"a state in version {version}", f"版本 {version} 中的状态")
        raise unsupported(_FORMAT, got, Text(f"one from version {VERSION} on", f"版本 {VERSION} 起才有的状态"), _EXPORT)

    def each(key: str, make: type) -> tuple:
        return tuple(make(**{name: _tuples(value) for name, value in item.items()}) for item in data[key])

    return Artefact(
        data["name"], tuple(data["storages"]), each("tensors", Tensor), each("kernels", Kernel),
        each("launches", Launch), tuple(data["features"]), base64.b64decode(data["weights"]),
        Reference.from_dict(data["reference"]) if data["reference"] else None,
    )  # fmt: skip


def from_json(text: str) -> Artefact:
    """The artefact of ``Artefact.to_json``; raises as ``from_dict``."""
    return from_dict(json.loads(text))


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def check(artefact: Artefact) -> None:
    """Refuse what some WebGPU device could not run.

    Raises:
        Unsupported: naming the part, what it has and what is allowed.
    """
    for feature in artefact.features:
        _allow(feature in limits.FEATURES, Text("feature", "特性"), repr(feature), ", ".join(limits.FEATURES))
    for i, size in enumerate(artefact.storages):
        _allow(
            0 < size <= limits.MAX_BUFFER_BYTES,
            Text(f"storage {i}", f"存储块 {i}"),
            _BYTES.format(size=size),
            f"1…{limits.MAX_BUFFER_BYTES}",
        )
    for tensor in artefact.tensors:
        _check_tensor(tensor, artefact)
    for kernel in artefact.kernels:
        _check_kernel(kernel)
    for launch in artefact.launches:
        _check_launch(launch, artefact)
    constants = sum(tensor.bytes for tensor in artefact.tensors if tensor.role == "constant")
    _allow(
        len(artefact.weights) == constants,
        Text("weights", "权重"),
        _BYTES.format(size=len(artefact.weights)),
        f"{constants}",
    )


def _check_tensor(tensor: Tensor, artefact: Artefact) -> None:
    where = Text(f"tensor {tensor.name}", f"张量 {tensor.name}")
    _allow(tensor.dtype in limits.ELEMENT_BYTES, where, tensor.dtype, ", ".join(limits.ELEMENT_BYTES))
    listed = Text("those listed", "列出的各块")
    _allow(
        0 <= tensor.storage < len(artefact.storages),
        where,
        Text(f"storage {tensor.storage}", f"存储块 {tensor.storage}"),
        listed,
    )
    room = artefact.storages[tensor.storage]
    most = Text(f"1 to {room}, its storage", f"1 到 {room}，即它的存储块")
    _allow(0 < tensor.bytes <= room, where, _BYTES.format(size=tensor.bytes), most)
    if tensor.range:
        _check_range(tensor, tensor.range, where)


def _check_range(tensor: Tensor, stated: tuple[int, int], where: Text) -> None:
    given = tensor.role in ("input", "state")
    least, most = limits.VALUES.get(tensor.dtype, (0, -1)) if given else (0, -1)
    none = Text("none: it is no input or state of integers", "没有取值范围，因为它既不是整数输入，也不是整数状态")
    allowed = span(least, most) if most > least else none
    found = Text(f"the range {stated[0]} to {stated[1]}", f"取值范围 {stated[0]} 到 {stated[1]}")
    _allow(least <= stated[0] <= stated[1] <= most, where, found, allowed)


def _check_kernel(kernel: Kernel) -> None:
    where, (x, y, z) = in_kernel(kernel.name), kernel.block
    threads = Text(f"{x * y * z} threads a block", f"每个线程块 {x * y * z} 个线程")
    _allow(x * y * z <= limits.MAX_THREADS, where, threads, _at_most(limits.MAX_THREADS), _FEWER_THREADS)
    fits = all(1 <= got <= most for got, most in zip(kernel.block, limits.MAX_BLOCK, strict=True))
    _allow(
        fits,
        where,
        Text(f"a block of {kernel.block}", f"线程块 {kernel.block}"),
        _at_most(limits.MAX_BLOCK),
        _FEWER_THREADS,
    )
    shared = Text(f"{kernel.shared_bytes} bytes of shared memory", f"共享内存 {kernel.shared_bytes} 字节")
    _allow(
        kernel.shared_bytes <= limits.MAX_SHARED_BYTES,
        where,
        shared,
        _at_most(limits.MAX_SHARED_BYTES),
        Text("make the tiles smaller", "请缩小分块"),
    )
    buffers = len(kernel.access)
    _allow(
        buffers <= limits.MAX_BUFFERS,
        where,
        Text(f"{buffers} buffers", f"{buffers} 个缓冲区"),
        _at_most(limits.MAX_BUFFERS),
        Text("split the kernel", "请拆分该内核"),
    )


def _check_launch(launch: Launch, artefact: Artefact) -> None:
    kernel = artefact.kernels[launch.kernel]
    where = Text(f"launch of {kernel.name}", f"启动 {kernel.name}")
    fits = all(1 <= extent <= limits.MAX_GRID for extent in launch.grid)
    each_way = Text(f"1 to {limits.MAX_GRID} each way", f"每个方向 1 到 {limits.MAX_GRID}")
    _allow(fits, where, Text(f"a grid of {launch.grid}", f"网格 {launch.grid}"), each_way, _FEWER_BLOCKS)
    threads = math.prod((*launch.grid, *kernel.block))
    _allow(
        threads <= limits.MAX_LAUNCHED,
        where,
        Text(f"{threads} threads", f"{threads} 个线程"),
        _at_most(limits.MAX_LAUNCHED),
        _FEWER_BLOCKS,
    )
    tensors = Text(f"{len(launch.tensors)} tensors", f"{len(launch.tensors)} 个张量")
    _allow(len(launch.tensors) == len(kernel.access), where, tensors, f"{len(kernel.access)}")
    used = [artefact.tensors[i].storage for i in launch.tensors]
    for storage, access in zip(used, kernel.access, strict=True):
        alone = access == "read" or used.count(storage) == 1
        _allow(alone, where, _SHARES, Text("storages of their own", "各有自己的存储块"))


def _at_most(limit: object) -> Text:
    return Text(f"at most {limit}", f"不超过 {limit}")


def _allow(fine: bool, where: Text, got: Text | str, allowed: Text | str, then: Text = _EXPORT) -> None:
    if not fine:
        raise unsupported(where, got, allowed, then)
