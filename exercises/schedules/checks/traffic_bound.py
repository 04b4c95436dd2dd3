"""Checks of the item ``traffic_bound``: a bound on traffic."""

import numpy as np

from mlc_ref.cache_model import traffic
from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.equivalence import same_signature
from mlc_ref.checks.memory import allocates_at_most
from mlc_ref.language import Text
from mlc_ref.schedules.exercise_inputs import programs

from .shared import NUMBERS, expect, normal, wide

traffic_bound = Task(
    "traffic_bound",
    kind="trace",
    title=Text("A bound on traffic", "访存量的上限"),
    module=lambda: programs.product(48, 56, 40),
)


CACHE_BYTES, REGISTER_BYTES = 2048, 1024


EASY, HARD = 500_000, 160_000


_LESS = {
    EASY: Text("Let the innermost loop run along a row of Q and of R.", "让最内层循环沿着 Q 和 R 的一行移动。"),
    HARD: Text(
        "Keep a tile of R during the whole sum: more rows and columns in the tile mean fewer passes over P and Q.",
        "让 R 的一个分块在整个求和过程中保留：分块的行列越多，P 和 Q 被读过的遍数越少。",
    ),
}


def _moves_at_most(sch, limit):
    same_signature(sch, programs.product(48, 56, 40))
    registers = Text(
        "Buffers in the scope `local` are registers; there is 1 KiB of them.",
        "存储作用域 `local` 中的缓冲区是寄存器，总共只有 1 KiB。",
    )
    allocates_at_most(sch, REGISTER_BYTES, scopes=("local",), hint=registers)
    try:
        moved = traffic(sch, CACHE_BYTES).moved_bytes
    except ValueError as error:
        raise CheckFailure(
            expected=Text("a program that can be counted", "能够计数的程序"), found=Text.english(str(error))
        ) from error
    wanted = Text(f"at most {limit} bytes moved", f"至多搬运 {limit} 字节")
    require(moved <= limit, expected=wanted, found=moved, hint=_LESS[limit])


@traffic_bound.inspect("easy", points=2, title=Text(f"at most {EASY:,} bytes", f"至多 {EASY:,} 字节"))
def _(sch):
    _moves_at_most(sch, EASY)


@traffic_bound.inspect("hard", points=3, title=Text(f"at most {HARD:,} bytes", f"至多 {HARD:,} 字节"))
def _(sch):
    _moves_at_most(sch, HARD)


@traffic_bound.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    p, q = normal(rng, 48, 40), normal(rng, 40, 56)
    expect(call, [p, q], np.matmul(*wide(p, q)))
