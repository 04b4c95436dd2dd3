"""Matmul beside its peers and the peak: ratios of throughput, from the committed measurements."""

import json
from pathlib import Path

from mlc_ref.language import Text
from mlc_ref.viz.board import Board
from mlc_ref.viz.ratios import Bars, ratio_chart

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "table.json"
KINDS = {
    ("matmul", "hand-written"): Text("", ""),
    ("matmul", "tuned"): Text(", tuned", "，调优"),
    ("peak", "hand-written"): Text(", of peak", "，占峰值"),
}


def draw() -> Board:
    title = Text(
        "Matmul: throughput beside the faster of NumPy and PyTorch, beside the hand-written schedule, beside the peak",
        "矩阵乘法的吞吐量：与 NumPy、PyTorch 中较快者相比，与手写调度相比，与峰值相比",
    )
    rows = json.loads(RESULTS.read_text("utf-8"))["rows"]
    bars = []
    for (group, program), suffix in KINDS.items():
        found = {}
        for row in rows:
            if (row["group"], row["program"]) == (group, program):
                found.setdefault(row["work"], {})[row["threads"]] = row
        for work, by_threads in found.items():
            name = work.removeprefix("matmul ").replace("x", "×")
            sides = name.split("×")
            name = f"{sides[0]}³" if len(set(sides)) == 1 else name
            ratios = tuple(by_threads[n]["ratio"] if n in by_threads else None for n in (1, 2))
            goal = next(iter(by_threads.values()))["goal"]
            bars.append(Bars(Text(name + suffix.en, name + suffix.zh), ratios, goal))
    return ratio_chart(title, [Text("1 thread", "1 个线程"), Text("2 threads", "2 个线程")], bars, most=2)
