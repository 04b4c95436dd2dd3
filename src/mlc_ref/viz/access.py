"""The access explorer: one thread of a kernel seen in the program, in global memory and in the banks at once."""

from collections.abc import Collection, Mapping
from html import escape
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.counting import sectors, wavefronts
from mlc_ref.gpu_sim.result import AccessSample, KernelResult, Result
from mlc_ref.kinds import invalid, takes
from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget, both

WARP = 32
BLOCKS = 4  # of a grid that are kept
_HEADS = (
    Text("access", "访问"),
    Text("warp 0 of block 0", "线程块 0 的线程束 0"),
    Text("elements of its threads 0, 1, 31", "其中线程 0、1、31 的元素"),
)
_KINDS = {
    "load": Text("load", "加载"),
    "store": Text("store", "存储"),
    "atomic": Text("atomic update", "原子更新"),
}


@takes("Result", "KernelResult")
def explore_access(
    subject: Result | KernelResult,
    *,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    buffers: Collection[str] | None = None,
) -> Widget:
    """The accesses of a kernel's global and shared memory, each as it ran first, thread by thread.

    Args:
        subject: what a simulation returned; of several kernels, one of ``result.kernels``.
        shapes: of buffers, in elements, to show which element of the tensor a thread touches.
        buffers: the only buffers to show; all by default.

    Raises:
        ValueError: several kernels, a kernel without such accesses, or a shape for a buffer that is not there.
    """
    kernel = _only(subject)
    statements: list[dict[str, Any]] = []
    for row in kernel.statements:
        shown = [each for each in row.accesses if buffers is None or each.buffer in buffers]
        if shown:
            statements.append({"text": row.statement, "accesses": [_access(each) for each in shown]})
    there = sorted({each["buffer"] for row in statements for each in row["accesses"]})
    if not statements:
        raise invalid(
            f"subject: {kernel.name} has no access of global or shared memory that was asked for",
            f"subject：{kernel.name} 中没有要找的全局内存或共享内存访问",
        )
    if unknown := [name for name in shapes or {} if name not in there]:
        raise invalid(
            f"shapes: got {unknown[0]!r}, the buffers are {', '.join(there)}",
            f"shapes：得到 {unknown[0]!r}，缓冲区有 {', '.join(there)}",
        )
    data = {"grid": kernel.grid, "block": kernel.block, "shapes": dict(shapes or {}), "statements": statements}
    count = sum(len(row["accesses"]) for row in statements)
    return Widget("access", data, _fallback(kernel, buffers), height=170 + 70 * len(statements) + 90 * count)


def _only(subject: Result | KernelResult) -> KernelResult:
    if isinstance(subject, KernelResult):
        return subject
    if len(subject.kernels) != 1:
        raise invalid(
            f"subject: {len(subject.kernels)} kernels ran, give one of result.kernels",
            f"subject：运行了 {len(subject.kernels)} 个内核，请传入 result.kernels 中的一个",
        )
    return subject.kernels[0]


def _access(sample: AccessSample) -> dict[str, Any]:
    """One access: whose, how wide, the first element of every thread by block, and what each warp costs."""
    blocks = sample.indices[:BLOCKS]
    return {
        "buffer": sample.buffer,
        "shared": "shared" in sample.scope,
        "kind": sample.kind,
        "bytes": sample.itemsize * sample.width,
        "itemsize": sample.itemsize,
        "threads": [runs(block) for block in blocks],
        "cost": [
            [warp_cost(sample, warp, b) for warp in range(-(-blocks.shape[1] // WARP))] for b in range(len(blocks))
        ],
    }


def runs(values: np.ndarray) -> list[list[int]]:
    """Differences between neighbours, the first from 0, as pairs of a difference and how often it comes in a row.

    ``[3, 4, 5, 5]`` is ``[[3, 1], [1, 2], [0, 1]]``.
    """
    steps = np.diff(values, prepend=0)
    found: list[list[int]] = []
    for step in steps.tolist():
        if found and found[-1][0] == step:
            found[-1][1] += 1
        else:
            found.append([step, 1])
    return found


@takes("AccessSample")
def warp_cost(sample: AccessSample, warp: int, block: int) -> int:
    """Sectors of global memory, or passes over shared memory, that one warp needs."""
    addresses, active = sample.warp(warp, block)
    padded, on = np.zeros(WARP, np.int64), np.zeros(WARP, bool)
    padded[: len(addresses)], on[: len(active)] = addresses, active
    width = sample.itemsize * sample.width
    return wavefronts(padded, on, width)[0] if "shared" in sample.scope else sectors(padded, on)


def _fallback(kernel: KernelResult, buffers: Collection[str] | None) -> str:
    head = "".join(f"<th>{both(each)}</th>" for each in _HEADS)
    body = ""
    for row in kernel.statements:
        for sample in row.accesses:
            if buffers is not None and sample.buffer not in buffers:
                continue
            number = warp_cost(sample, 0, 0)
            shared = "shared" in sample.scope
            cost = Text(f"{number} {'pass(es)' if shared else 'sector(s)'}", f"{number} {'轮' if shared else '个扇区'}")
            lanes = [int(sample.indices[0, i]) for i in (0, 1, WARP - 1) if i < sample.indices.shape[1]]
            numbers = ", ".join("–" if index < 0 else f"{index:,}" for index in lanes)
            name = f"{both(_KINDS[sample.kind])} <code>{escape(sample.buffer)}</code>"
            body += f"<tr><td>{name}</td><td>{both(cost)}</td><td>{numbers}</td></tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
