"""Checks on memory: which buffers a function allocates, how many bytes, in which scope."""

from collections.abc import Collection

import numpy as np
from tvm import IRModule, ir, s_tir, tirx

from mlc_ref.checks.failure import judging, require
from mlc_ref.checks.index_math import constant
from mlc_ref.checks.sites import Subject, function, is_root, listing, nodes
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

_COMPACT = ir.transform.Sequential(
    [
        s_tir.transform.CanonicalizeLoop(),
        s_tir.transform.LowerInitBlock(),
        s_tir.transform.PlanAndUpdateBufferAllocationLocation(),
        s_tir.transform.ConvertBlocksToOpaque(),
        s_tir.transform.LiftThreadBinding(),
        s_tir.transform.ManifestSharedMemoryLocalStage(),
        s_tir.transform.CompactBufferAllocation(),
    ]
)


@judging
def compacted(subject: Subject, *, entry: str = "main") -> tirx.PrimFunc:
    """The function after lowering has moved each allocation to the loops that use it and cut it to size.

    Initial values of reductions have become conditions, and blocks no longer bind axes.
    """
    func = function(subject, entry)
    return _COMPACT(IRModule({"main": func.with_attr("global_symbol", "main")}))["main"]


@judging
def allocations(subject: Subject, *, compact: bool = True, entry: str = "main") -> list[tirx.Buffer]:
    """The buffers a function allocates, in the order of the program.

    Args:
        compact: as they are after lowering has moved each allocation to the loops that use it and cut
            it to the part used there, which is what runs; ``False``: as the function states them.
    """
    func = compacted(subject, entry=entry) if compact else function(subject, entry)
    found = []
    for node in nodes(func.body, (s_tir.SBlock, tirx.AllocBuffer)):
        found += list(node.alloc_buffers) if isinstance(node, s_tir.SBlock) else [node.buffer]
    return found


def buffer_bytes(buffer: tirx.Buffer) -> int:
    """Bytes of one buffer.

    Raises:
        ValueError: its shape is symbolic.
    """
    sizes = [size for each in buffer.shape if (size := constant(each)) is not None]
    if len(sizes) < len(buffer.shape):
        raise invalid(
            f"buffer {buffer.name}: shape {list(buffer.shape)} is symbolic, its bytes are not known; give it numbers",
            f"缓冲区 {buffer.name}：{list(buffer.shape)} 是符号形状，不知道它占多少字节；请用数字给出形状",
        )
    bits = 1 if str(buffer.dtype) == "bool" else np.dtype(str(buffer.dtype)).itemsize * 8
    return int(np.prod(sizes, dtype=np.int64)) * max(bits // 8, 1)


def allocated_bytes(
    subject: Subject, *, scopes: Collection[str] | None = None, compact: bool = True, entry: str = "main"
) -> int:
    """Bytes of all buffers a function allocates, in ``scopes`` or in any."""
    buffers = allocations(subject, compact=compact, entry=entry)
    return sum(buffer_bytes(b) for b in buffers if scopes is None or b.scope() in scopes)


@judging
def allocates_at_most(
    subject: Subject,
    limit: int,
    *,
    scopes: Collection[str] | None = None,
    compact: bool = True,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The function's buffers take at most ``limit`` bytes; see ``allocations`` for ``compact``.

    Raises:
        CheckFailure: they take more; the message lists them.
    """
    found = [b for b in allocations(subject, compact=compact, entry=entry) if scopes is None or b.scope() in scopes]
    total = sum(map(buffer_bytes, found))
    each = ", ".join(f"{b.name} {buffer_bytes(b)}" for b in found)
    wanted = Text(f"at most {limit} bytes", f"至多 {limit} 字节")
    shown = Text(f"{total} bytes ({each})", f"{total} 字节（{each}）")
    require(total <= limit, expected=wanted, found=shown, where=entry, hint=hint)


@judging
def no_intermediates(subject: Subject, *, entry: str = "main", hint: Text | None = None) -> None:
    """The function allocates no buffer at all.

    Raises:
        CheckFailure: naming those it allocates.
    """
    names = [str(b.name) for b in allocations(subject, compact=False, entry=entry)]
    wanted = Text("no intermediate buffer", "没有中间缓冲区")
    require(not names, expected=wanted, found=listing(names), where=entry, hint=hint)


@judging
def has_buffer(
    subject: Subject,
    *,
    scope: str | None = None,
    shape: tuple[int, ...] | None = None,
    dtype: str | None = None,
    compact: bool = True,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The function allocates a buffer with the stated properties, whatever its name.

    Raises:
        CheckFailure: there is none; the message lists what there is.
    """
    found = allocations(subject, compact=compact, entry=entry)

    def matches(buffer: tirx.Buffer) -> bool:
        sizes = tuple(constant(size) for size in buffer.shape)
        return scope in (None, buffer.scope()) and shape in (None, sizes) and dtype in (None, str(buffer.dtype))

    stated = [str(each) for each in (dtype, shape, scope) if each is not None]
    wanted = Text(f"a buffer {' '.join(stated)}", f"缓冲区 {' '.join(stated)}")
    require(any(map(matches, found)), expected=wanted, found=listing(_shown(found)), where=entry, hint=hint)


def _shown(buffers: list[tirx.Buffer]) -> list[str]:
    return [f"{b.name} {b.dtype} {[constant(size) for size in b.shape]} {b.scope()}" for b in buffers]


@judging
def scope_of(subject: Subject, buffer: str, scope: str, *, entry: str = "main", hint: Text | None = None) -> None:
    """The buffer named lies in a memory scope such as ``local``, ``shared`` or ``global``.

    Raises:
        CheckFailure: there is no such buffer, or it lies elsewhere.
    """
    func = function(subject, entry)
    everything = [*func.params, *allocations(subject, compact=False, entry=entry)]
    found = {str(b.name): b.scope() for b in everything if tirx.is_buffer_var(b)}
    wanted = Text(f"buffer {buffer} in scope {scope}", f"缓冲区 {buffer} 位于 {scope}")
    shown = listing([f"{name} in {where}" for name, where in found.items()])
    require(found.get(buffer) == scope, expected=wanted, found=shown, where=entry, hint=hint)


@judging
def root_allocations(subject: Subject, *, entry: str = "main") -> list[tirx.Buffer]:
    """The intermediate buffers stated at the top of the function, as the author sees them."""
    body = function(subject, entry).body
    return list(body.block.alloc_buffers) if is_root(body) else []
