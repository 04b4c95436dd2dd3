"""Other kernels and whole networks beside PyTorch: ratios of throughput, from the committed measurements."""

import json
from pathlib import Path

from mlc_ref.language import Text
from mlc_ref.viz.board import Board
from mlc_ref.viz.ratios import Bars, ratio_chart

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "table.json"
GROUPS = ("conv2d", "rows", "int8", "networks")


def label(row: dict) -> Text:
    """What a row measures, short enough for the margin."""
    name = row["work"].removesuffix(" channels").replace("conv2d 3x3 ", "conv ").replace("x", "×")
    name = name.replace("softma×", "softmax")
    if row["group"] == "int8":
        return Text(f"int8 / {row['peer']}", f"int8 / {row['peer']}")
    zh = (
        name.replace("layer norm", "层归一化")
        .replace("batch", "批大小")
        .replace("digits", "手写数字")
        .replace(", ", "，")
    )
    return Text(name, zh)


def draw() -> Board:
    title = Text(
        "Convolutions, rows, int8 and digits networks: throughput beside the fastest peer",
        "卷积、按行的算子、int8 与手写数字网络：与最快的对手相比的吞吐量",
    )
    found: dict[str, dict] = {}
    for row in json.loads(RESULTS.read_text("utf-8"))["rows"]:
        if row["group"] in GROUPS:
            found.setdefault(label(row).en, {})[row["threads"]] = row
    bars = []
    for by_threads in found.values():
        first = next(iter(by_threads.values()))
        ratios = tuple(by_threads[n]["ratio"] if n in by_threads else None for n in (1, 2))
        bars.append(Bars(label(first), ratios, first["goal"]))
    return ratio_chart(title, [Text("1 thread", "1 个线程"), Text("2 threads", "2 个线程")], bars, most=4)
