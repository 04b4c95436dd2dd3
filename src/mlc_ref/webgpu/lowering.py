"""From a scheduled TensorIR function to WGSL kernels and their launches, in order.

The passes are the simulator's (``gpu_sim.lowering``) with WebGPU's target, and TVM's own split into host and device
after them. Grids, temporaries and the order of launches are read from the host function; nothing is guessed from text.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim import lower_for_gpu
from mlc_ref.gpu_sim.pointers import buffer_of
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.artefact import Extents, Kernel
from mlc_ref.webgpu.index_ranges import input_ranges, output_ranges, stated_ranges
from mlc_ref.webgpu.limits import Unsupported, webgpu_target
from mlc_ref.webgpu.refusals import function, kernel, listed, parameter, unsupported

if TYPE_CHECKING:
    import tvm

    from mlc_ref.webgpu.spans import Span

_DEVICE = 2  # the calling convention of a function that runs on the device
_AXES = tuple(f"{unit}Idx.{axis}" for unit in ("block", "thread") for axis in "xyz")
_BINDING = re.compile(r"@binding\((\d+)\) var<storage, (read|read_write)> \w+ : array<")
_SHARED = re.compile(r"var<workgroup> \w+ : array<(vec(\d)<)?(\w+)>?, (\d+)>;")
_FOREIGN_TYPE = re.compile(r"\b([iu](?:8|16|64)|f64|bf16)\b")
_WGSL_BYTES = {"f32": 4, "i32": 4, "u32": 4, "f16": 2, "bool": 4}
_FOREIGN = {"tirx.call_extern", "tirx.call_pure_extern", "tirx.tvm_call_packed", "tirx.call_llvm_intrin"}
_BIND = Text("bind its loops to blockIdx.x and threadIdx.x", "请把它的循环绑定到 blockIdx.x 和 threadIdx.x")
_CAST = Text("cast in the program", "请在程序中转换类型")
_KERNELS = Text("kernels alone", "所有语句都在内核之内")
_XY = Text("blockIdx.x and blockIdx.y", "blockIdx.x 和 blockIdx.y")


@dataclass(frozen=True)
class Buffer:
    """A buffer of the host function: a parameter or a temporary."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * limits.ELEMENT_BYTES[self.dtype]


@dataclass(frozen=True)
class Call:
    """One launch before tensors have numbers: which buffer of the function stands at each binding."""

    kernel: Kernel
    grid: Extents
    buffers: tuple[int, ...]
    uniform: tuple[int, ...]


@dataclass
class Lowered:
    """A function's buffers, parameters first, and its launches.

    Attributes:
        ranges: of parameters whose values must lie in some range, the least and the greatest.
        made: of parameters of integers that the function writes, the least and the greatest value it can write.
    """

    parameters: int
    buffers: list[Buffer] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    ranges: "dict[int, Span]" = field(default_factory=dict)
    made: "dict[int, Span]" = field(default_factory=dict)

    def written(self) -> set[int]:
        """Buffers that some kernel writes."""
        pairs = (pair for call in self.calls for pair in zip(call.buffers, call.kernel.access, strict=True))
        return {buffer for buffer, access in pairs if access == "read_write"}


@takes("IRModule")
def lower(mod: "tvm.IRModule", entry: str, ranges: "Mapping[str, Span] | None" = None) -> Lowered:
    """Kernels and launches of the function ``entry``.

    Args:
        ranges: which values its integer parameters have, by name, where the shapes do not say so.

    Raises:
        Unsupported: naming the construct: a symbolic shape, an element type WGSL lacks, work that no thread does, a
            call of a foreign function, a loop around kernels, an index that may be out of bounds.
    """
    import tvm

    if entry not in (names := [variable.name_hint for variable in mod.get_global_vars()]):
        then = Text("name a function of the module", "请使用模块中的函数名")
        raise unsupported(Text.code("entry"), repr(entry), listed(names), then)
    from mlc_ref.webgpu.byte_arithmetic import wrapping

    func = wrapping(mod[entry]).with_attr("global_symbol", entry)  # private functions, as a graph calls them, have none
    parameters = [_buffer(parameter, entry) for parameter in func.params]
    _refuse_foreign_calls(func, entry)
    spans = input_ranges(func, entry, stated_ranges(func, entry, ranges or {}))
    target = webgpu_target()
    try:
        lowered = lower_for_gpu(tvm.IRModule({entry: func}), target)
    except (RuntimeError, ValueError) as error:
        raise _not_lowered(entry, error) from error
    lowered = _held(lowered, func, spans)
    try:
        with target:
            split = tvm.ir.transform.Sequential(
                [tvm.s_tir.transform.MergeSharedMemoryAllocations(), tvm.tirx.transform.SplitHostDevice()]
            )(lowered)
    except (RuntimeError, ValueError) as error:
        raise _not_lowered(entry, error) from error
    asked, made = (
        {i: known[parameter] for i, parameter in enumerate(func.params) if parameter in known}
        for known in (spans, output_ranges(func, spans))
    )
    host = _Host(Lowered(len(parameters), parameters, ranges=asked, made=made), split, entry)
    host.read()
    return host.lowered


def _held(lowered: "tvm.IRModule", func: Any, spans: "Mapping[Any, Span]") -> "tvm.IRModule":
    """The lowered function with words in place of elements that WGSL lacks; ``spans`` are of the parameters of ``func``."""
    from mlc_ref.webgpu.held_types import held, needs_holding

    (variable,) = lowered.get_global_vars()
    flat = lowered[variable]
    if needs_holding(flat):
        moved = {new: spans[old] for old, new in zip(func.params, flat.params, strict=True) if old in spans}
        lowered.update_func(variable, held(flat, variable.name_hint, moved))
    return lowered


def _buffer(given: Any, entry: str) -> Buffer:
    where = function(entry, parameter(given.name))
    if not hasattr(given.ty, "shape"):
        then = Text("make the number part of the program", "请把这个数写进程序")
        raise unsupported(where, Text("a scalar", "标量"), Text("buffers", "缓冲区"), then)
    offset = given.ty.elem_offset
    if offset is not None and getattr(offset, "value", None) != 0:
        raise _not_from_the_start(where, offset)
    buffer = checked_type(given.name, given.ty, where)
    if strides := [getattr(stride, "value", None) for stride in given.ty.strides or []]:
        compact = [math.prod(buffer.shape[axis + 1 :]) for axis in range(len(buffer.shape))]
        if strides != compact:
            got = Text(f"the strides {strides}", f"步幅 {strides}")
            allowed = Text(f"{compact}, elements without gaps between them", f"{compact}，即元素之间没有空隙")
            raise unsupported(where, got, allowed, Text("leave strides= away", "请去掉 strides="))
    return buffer


def _not_from_the_start(where: Text, offset: Any) -> Unsupported:
    got = Text(
        f"elements from {offset} on, as TVM's sort and scan take them",
        f"从 {offset} 开始的元素（TVM 的排序和扫描就这样取元素）",
    )
    allowed = Text(
        "a buffer from its first element on, as WebGPU binds whole buffers",
        "从第一个元素开始的缓冲区，因为 WebGPU 绑定整个缓冲区",
    )
    then = Text(
        "leave elem_offset= away, or write the operator as a kernel of your own",
        "请去掉 elem_offset=，或者自己把该算子写成内核",
    )
    return unsupported(where, got, allowed, then)


def checked_type(name: str, ty: Any, where: Text) -> Buffer:
    """The buffer of a tensor's type.

    Raises:
        Unsupported: an extent that is no number, or elements WGSL does not have.
    """
    extents = [int(extent.value) for extent in ty.shape if hasattr(extent, "value")]
    if len(extents) < len(ty.shape):
        shape = ", ".join(map(str, ty.shape))
        got, then = (
            Text(f"the symbolic shape ({shape})", f"符号形状 ({shape})"),
            Text("compile for one size", "请按一个固定的大小编译"),
        )
        raise unsupported(where, got, Text("numbers", "数"), then)
    if (dtype := str(ty.dtype)) not in limits.ELEMENT_BYTES:
        raise unsupported(where, dtype, listed(list(limits.ELEMENT_BYTES)), _CAST)
    return Buffer(name, tuple(extents), dtype)


def _refuse_foreign_calls(func: Any, entry: str) -> None:
    import tvm

    for call in nodes(func.body, tvm.ir.Call):
        # A call of another function of the module has no operator, and so no name here.
        if getattr(call.op, "name", "") in _FOREIGN:
            got = Text(f"a call of {call.args[0]}", f"对 {call.args[0]} 的调用")
            allowed = Text("TensorIR alone, as WGSL has no libraries", "仅由 TensorIR 写成的程序，因为 WGSL 没有库")
            then = Text("write the function in TensorIR", "请用 TensorIR 写出该函数")
            raise unsupported(function(entry), got, allowed, then)


def _last_line(error: Exception) -> Text:
    """What TVM says, as a part of a sentence."""
    return Text.english(str(error).strip().splitlines()[-1].strip().rstrip("."))


def _not_lowered(entry: str, error: Exception) -> Unsupported:
    got = Text(
        "a program that TVM cannot lower for a GPU ({reason})", "TVM 无法下降（lowering）到 GPU 的程序（{reason}）"
    )
    allowed = Text("one that TVM can lower", "TVM 能够处理的程序")
    then = Text(
        "run the schedule in the simulator first, which names the place", "请先在模拟器中运行该调度，它会指出位置"
    )
    return unsupported(function(entry), got.format(reason=_last_line(error)), allowed, then)


class _Host:
    """Reads the host function: declarations, allocations and launches, one after the other."""

    def __init__(self, lowered: Lowered, split: "tvm.IRModule", entry: str):
        self.lowered, self._entry = lowered, entry
        functions = {variable.name_hint: func for variable, func in split.functions_items()}
        self._device = {n: f for n, f in functions.items() if f.attrs and f.attrs.get("calling_conv") == _DEVICE}
        (self._host,) = (func for name, func in functions.items() if name not in self._device)
        self._numbers: dict[Any, int] = {parameter: i for i, parameter in enumerate(self._host.params)}

    def read(self) -> None:
        self._walk(self._host.body)
        if not self.lowered.calls:
            raise unsupported(
                function(self._entry), Text("no kernel", "零个内核"), Text("one at least", "至少一个"), _BIND
            )

    def _walk(self, stmt: Any) -> None:
        kind = type(stmt).__name__
        if kind == "SeqStmt":
            for one in stmt.seq:
                self._walk(one)
        elif kind == "AllocBuffer":
            self._numbers[stmt.buffer] = len(self.lowered.buffers)
            where = function(self._entry, Text(f"buffer {stmt.buffer.name}", f"缓冲区 {stmt.buffer.name}"))
            self.lowered.buffers.append(checked_type(stmt.buffer.name, stmt.buffer.ty, where))
        elif kind == "DeclBuffer":
            self._numbers[stmt.buffer] = self._numbers[buffer_of(stmt.data)]
        elif kind == "Evaluate" and type(stmt.value).__name__ == "Call":
            self._launch(stmt.value)
        elif not (kind == "Evaluate" and type(stmt.value).__name__ == "IntImm"):
            line = str(stmt).strip().splitlines()[0][:200]
            got = Text(f"{kind} outside every kernel ({line})", f"内核之外的 {kind}（{line}）")
            raise unsupported(function(self._entry), got, _KERNELS, _BIND)

    def _launch(self, call: Any) -> None:
        if call.op.name != "tirx.call_ffi_kernel":
            got = Text(f"{call.op.name} on the host", f"主机端的 {call.op.name}")
            raise unsupported(function(self._entry), got, Text("launches of kernels", "内核的启动"), _BIND)
        name, *values = call.args
        axes = list(call.attrs.launch_params)
        extents = dict(zip(axes, (int(value) for value in values[len(values) - len(axes) :]), strict=True))
        if unknown := [axis for axis in axes if axis not in _AXES]:
            got = Text(f"the launch parameter {unknown[0]}", f"启动参数 {unknown[0]}")
            then = Text("use the storage scope shared, not shared.dyn", "请使用存储作用域 shared，不要用 shared.dyn")
            raise unsupported(kernel(name.value), got, listed(_AXES), then)
        x, y, z, *block = (extents.get(axis, 1) for axis in _AXES)
        if z != 1:
            raise unsupported(kernel(name.value), "blockIdx.z", _XY, Text("fuse the loops", "请合并循环"))
        buffers = tuple(self._numbers[buffer_of(value)] for value in values[: len(values) - len(axes)])
        device = _kernel(name.value, self._device[name.value], (block[0], block[1], block[2]))
        depth = math.ceil(
            x / limits.MAX_GRID
        )  # the kernel's blockIdx.x is z * gridDim.x + x, cut off at its last block
        self.lowered.calls.append(Call(device, (math.ceil(x / depth), y, depth), buffers, (x - 1,)))


def _kernel(name: str, func: Any, block: Extents) -> Kernel:
    """The WGSL of one device function, and what its declarations say."""
    import tvm
    from tvm.s_tir.pipeline import finalize_device_passes

    target = webgpu_target()
    module = finalize_device_passes()(tvm.IRModule({name: func}))
    try:
        text = tvm.get_global_func("target.build.webgpu")(module, target).inspect_source()
    except RuntimeError as error:
        got = Text("what TVM cannot write in WGSL ({reason})", "TVM 无法用 WGSL 写出的内容（{reason}）")
        allowed = Text("operations and sizes that WGSL has", "WGSL 具有的运算和大小")
        then = Text("make the tile smaller, or write it in another way", "请缩小分块，或者换一种写法")
        raise unsupported(kernel(name), got.format(reason=_last_line(error)), allowed, then) from error
    wgsl = "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("//")) + "\n"
    if foreign := _FOREIGN_TYPE.search(wgsl):
        got = Text(f"elements of type {foreign[1]}", f"类型为 {foreign[1]} 的元素")
        raise unsupported(kernel(name), got, listed(list(_WGSL_BYTES)), _CAST)
    bindings = _BINDING.findall(wgsl)
    shared = sum(int(width or 1) * _WGSL_BYTES[element] * int(n) for _, width, element, n in _SHARED.findall(wgsl))
    return Kernel(name, block, shared, tuple(access for _, access in bindings), wgsl)
