"""The explorer's steps as text, for readers without scripts."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mlc_ref.language import Text
from mlc_ref.viz.widget import both

_SAMPLED = Text("(numbers from the decisions in the trace)", "（其中的数取自轨迹中的决策）")
_FINAL = Text("The program after the last step:", "最后一步之后的程序：")
_FROM_TO = Text("{name}: {first} at the beginning, {last} at the end", "{name}：最初 {first}，最后 {last}")
_FIRST = Text("{name}: {first} when first counted, {last} at the end", "{name}：首次统计 {first}，最后 {last}")


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
    everything = data.get("counters", {}).get("numbers", [])
    counted = [numbers for numbers in everything if numbers]
    if not counted:
        return []
    pattern = _FROM_TO if everything[0] else _FIRST
    lines = [
        pattern.format(name=name, first=f"{first:,}", last=f"{last:,}")
        for name, first, last in zip(data["counters"]["names"], counted[0], counted[-1], strict=True)
    ]
    return [f"<ul>{''.join(f'<li>{both(line)}</li>' for line in lines)}</ul>", both(data["counters"]["model"], "p")]
