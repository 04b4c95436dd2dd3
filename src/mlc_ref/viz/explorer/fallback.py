"""The explorer's steps as text, for readers without scripts."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mlc_ref.language import Text
from mlc_ref.viz.widget import both

_SAMPLED = Text("(numbers from the decisions in the trace)", "（其中的数取自轨迹中的决策）")
_FINAL = Text("The program after the last step:", "最后一步之后的程序：")
_FROM_TO = Text("{name}: {first} {begin}, {last} {end}", "{name}：{begin} {first}，{end} {last}")
_ONCE = Text("{name}: {last} {end}", "{name}：{end} {last}")
_BEGINNING = Text("at the beginning", "最初")
_END = Text("at the end", "最后")
_AFTER = Text("after step {number}", "第 {number} 步之后")
_NOT_COUNTED = Text("What the later steps make cannot be counted.", "之后各步得到的程序无法统计。")


def fallback(data: Mapping[str, Any]) -> str:
    """HTML of the explorer's data: each step, each kind explained once, the last loop nest, and the counters.

    Args:
        data: what the explorer's script receives.
    """
    parts = [both(data["title"], "p")] if "title" in data else []
    explained: set[str] = set()
    items = []
    for step in data["steps"][1:]:
        item = f"<code>{escape(step['call'])}</code>"
        if step["sampled"]:
            item += " " + both(_SAMPLED)
        if step["kind"] not in explained:
            item += " " + both(data["sentences"][step["kind"]])
        explained.add(step["kind"])
        items.append(f"<li>{item}</li>")
    nest = "\n".join(data["lines"][number] for number in data["steps"][-1]["nest"])
    parts += [f"<ol>{''.join(items)}</ol>", both(_FINAL, "p"), f'<pre tabindex="0">{escape(nest)}</pre>']
    return "".join([*parts, *_counters(data)])


def _counters(data: Mapping[str, Any]) -> list[str]:
    """The counters at the first and the last step that could be counted, which are named where they are not the ends."""
    everything = data.get("counters", {}).get("numbers", [])
    counted = [number for number, values in enumerate(everything) if values]
    if not counted:
        return []
    first, last, end = counted[0], counted[-1], len(everything) - 1
    pattern = _ONCE if first == last else _FROM_TO
    lines = [
        pattern.format(name=name, first=f"{a:,}", begin=_moment(first, end), last=f"{b:,}", end=_moment(last, end))
        for name, a, b in zip(data["counters"]["names"], everything[first], everything[last], strict=True)
    ]
    remark = [both(_NOT_COUNTED, "p")] if last != end else []
    items = "".join(f"<li>{both(line)}</li>" for line in lines)
    return [f"<ul>{items}</ul>", *remark, both(data["counters"]["model"], "p")]


def _moment(step: int, end: int) -> Text:
    """When a step's counters hold, by its number in the list of steps, which has the given program as step 0."""
    return {0: _BEGINNING, end: _END}.get(step, _AFTER.format(number=step))
