"""One token, and prompts of several lengths, of a decoder on the roofline of a laptop's core: bounds, not measurements."""

from mlc_ref.language import Text
from mlc_ref.performance_models.decode import DecoderShape, decode_counts, least_seconds, prefill_counts
from mlc_ref.performance_models.machine import EXAMPLE
from mlc_ref.performance_models.pictures import Point, roofline_board
from mlc_ref.viz.board import Board

SHAPE = DecoderShape(vocabulary=256, dim=512, layers=4, heads=8, kv_heads=2, head_dim=64, ffn=1408)


def draw() -> Board:
    title = Text(
        "One token of a decoder of 11.5 M parameters reads each weight for one product; a prompt shares what it reads.",
        "一个 11.5 M 参数的解码器：生成一个词元时每个权重读入后只用一次；处理提示词时，各词元共用读入的权重。",
    )
    cases = [(Text("one token", "一个词元"), decode_counts(SHAPE, 128))]
    for tokens in (4, 64, 512):
        cases.append((Text(f"prompt of {tokens}", f"提示词 {tokens}"), prefill_counts(SHAPE, tokens)))
    points = [
        Point(
            name,
            each.intensity,
            each.flops / least_seconds(each, EXAMPLE) / 1e9,
            "blue",
            below=least_seconds(each, EXAMPLE) > each.least_bytes / EXAMPLE.gbytes / 1e9,
        )
        for name, each in cases
    ]
    return roofline_board(title, points, EXAMPLE, ["memory"])
