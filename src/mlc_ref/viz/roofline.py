"""The roofline of a page's programs: counted operations and bytes under the two limits of a machine.

Source of the model: Williams, Waterman, Patterson, "Roofline", Communications of the ACM 52(4), 2009.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from mlc_ref.gpu_sim.devices import Device
from mlc_ref.kinds import invalid
from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget, both

_HEADS = (
    Text("program", "程序"),
    Text("operations", "运算次数"),
    Text("bytes", "字节"),
    Text("operations a byte", "每字节运算次数"),
    Text("bound, GFLOP/s", "上界，GFLOP/s"),
)


@dataclass(frozen=True)
class Machine:
    """The two figures of a machine.

    Attributes:
        name: shown above the chart.
        kind: readers' own figures are remembered for each kind.
        gflops: floating-point operations, in 10**9 a second.
        gbytes: bytes from and to memory, in 10**9 a second.

    Raises:
        ValueError: a figure that is not above 0.
    """

    name: Text
    kind: Literal["cpu", "gpu"]
    gflops: float
    gbytes: float

    def __post_init__(self) -> None:
        for name in ("gflops", "gbytes"):
            if not getattr(self, name) > 0:
                raise invalid(
                    f"{name}: got {getattr(self, name)}, numbers above 0 are allowed",
                    f"{name}：得到 {getattr(self, name)}，允许的是大于 0 的数",
                )

    @classmethod
    def of(cls, device: Device) -> "Machine":
        """A GPU of ``gpu_sim.DEVICES``, float32 operations."""
        return cls(Text.code(device.name), "gpu", device.flops / 1e9, device.bandwidth / 1e9)

    def bound(self, intensity: float) -> float:
        """The most 10**9 operations a second at so many operations a byte."""
        return min(self.gflops, intensity * self.gbytes)


CORE = Machine(Text("one CPU core, as an example", "一个 CPU 核心（举例）"), "cpu", 50, 10)
"""Round figures of the size of one core of a laptop; readers put in their own."""


def roofline(points: Mapping[str, tuple[int, int]] | Sequence[tuple[str, int, int]], machine: Machine = CORE) -> Widget:
    """Programs as points under a roof, with the machine's figures to be changed by the reader.

    Args:
        points: name, counted operations and counted bytes of each program; or a mapping from names to the two.
        machine: whose figures are shown first.

    Raises:
        ValueError: no point, or counts that are not above 0.
    """
    rows = [(name, *counts) for name, counts in points.items()] if isinstance(points, Mapping) else list(points)
    if not rows:
        raise invalid("points: got none, at least one program is needed", "points：没有得到任何程序，至少需要一个")
    for name, flops, moved in rows:
        if flops <= 0 or moved <= 0:
            raise invalid(
                f"points: {name!r} has {flops} operations and {moved} bytes, both must be above 0",
                f"points：{name!r} 有 {flops} 次运算和 {moved} 字节，两者都要大于 0",
            )
    data = {
        "machine": {"name": machine.name, "kind": machine.kind, "gflops": machine.gflops, "gbytes": machine.gbytes},
        "points": [{"name": name, "flops": flops, "bytes": moved} for name, flops, moved in rows],
    }
    return Widget("roofline", data, _fallback(rows, machine), height=480 + 34 * len(rows))


def _fallback(rows: Sequence[tuple[str, int, int]], machine: Machine) -> str:
    figures = Text(
        f"{machine.name.en}: {machine.gflops:g} GFLOP/s, {machine.gbytes:g} GB/s",
        f"{machine.name.zh}：{machine.gflops:g} GFLOP/s，{machine.gbytes:g} GB/s",
    )
    head = "".join(f"<th>{both(each)}</th>" for each in _HEADS)
    body = ""
    for name, flops, moved in rows:
        intensity = flops / moved
        numbers = (f"{flops:,}", f"{moved:,}", f"{intensity:.3g}", f"{machine.bound(intensity):,.4g}")
        cells = "".join(f'<td class="mlc-number">{each}</td>' for each in numbers)
        body += f"<tr><td>{escape(name)}</td>{cells}</tr>"
    return f"<p>{both(figures)}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
