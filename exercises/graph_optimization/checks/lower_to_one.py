"""Checks of the item ``lower_to_one``: one tensor program."""

import itertools

from tvm import IRModule, tirx

from mlc_ref.checks import Task, require
from mlc_ref.checks.graphs import calls
from mlc_ref.checks.sites import reducing, sites
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

from .shared import NUMBERS, leaves_alone, require_calls, rewritten, same_numbers, sizes

# One tensor program.

lower_to_one = Task("lower_to_one", kind="program", title=Text("One tensor program", "一个张量程序"))


def _network(rng) -> tuple[Sketch, int]:
    """Layers with gates between them, more than ``FuseOps`` puts together, and the number of matrix products."""
    rows, *widths = sizes(rng, int(rng.integers(3, 6)))
    shapes, lines, last = {"x": (rows, widths[0]), "unused": tuple(sizes(rng, 2))}, [], "x"
    for i, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
        shapes |= {f"w{i}": (inputs, outputs), f"b{i}": (outputs,), f"g{i}": (rows, outputs)}
        lines += [f"h{i} = R.matmul({last}, w{i})", f"s{i} = R.add(h{i}, b{i})"]
        last = f"s{i}"
        gates = [
            f"R.multiply(@, g{i})",
            "R.nn.relu(@)",
            f"R.subtract(@, s{i})",
            f"R.add(g{i}, @)",
            f"R.subtract(g{i}, @)",
        ]
        for n, gate in enumerate(rng.permutation(gates)[: rng.integers(1, 4)]):
            lines.append(f"e{i}_{n} = {str(gate).replace('@', last)}")
            last = f"e{i}_{n}"
        lines.append(f"a{i} = R.{rng.choice(['tanh', 'sigmoid'])}({last})")
        last = f"a{i}"
    return Sketch(shapes, lines, last), len(widths) - 1


_LEFT = Text(
    "Operators are left: `LegalizeOps` makes tensor programs of them.", "还有算子：`LegalizeOps` 把它们变成张量程序。"
)


_GROUPED = Text(
    "The group is still a graph: `FuseTIR` makes one program of it.", "组还是计算图：`FuseTIR` 把它变成一个程序。"
)


_ALL = Text(
    "`FuseOps` never puts two matrix products together: make one group of the whole of `main` yourself.",
    "`FuseOps` 从不把两个矩阵乘法放在一起：请自己把整个 `main` 作为一个组。",
)


_UNUSED = Text(
    "Functions that nobody calls any more are not part of the result: DeadCodeElimination removes them.",
    "不再被调用的函数不属于结果：用 DeadCodeElimination 删除它们。",
)


def _in_one(call, rng) -> tuple[Sketch, IRModule]:
    sketch, products = _network(rng)
    mod = rewritten(call, sketch)
    found = {site.operator for site in calls(mod, nested=False)}
    hint = _GROUPED if "call" in found else _LEFT if found - {"relax.call_tir"} else _ALL
    require_calls(mod, ["relax.call_tir"], Text.code("main"), hint)
    programs = [f for _, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)]
    graphs = len(list(mod.functions_items())) - len(programs)
    wanted = Text("one graph and one tensor program", "一个计算图和一个张量程序")
    shown = Text(f"{graphs} graphs and {len(programs)} programs", f"{graphs} 个计算图和 {len(programs)} 个程序")
    require(graphs == len(programs) == 1, expected=wanted, found=shown, hint=_UNUSED)
    sums = sum(reducing(site) for site in sites(programs[0]))
    wanted = Text("a program with all matrix products", "含有全部矩阵乘法的程序")
    shown = Text(f"{sums} blocks that sum, of {products}", f"{sums} 个求和的块，应有 {products} 个")
    hint = Text("The program computes all that main did.", "程序要算出 main 原来计算的全部。")
    require(sums >= products, expected=wanted, found=shown, hint=hint)
    return sketch, mod


@lower_to_one.run("one", points=3, title=Text("one call of one program", "对一个程序的一次调用"))
def _(call, rng):
    for _round in range(3):
        sketch, _ = _in_one(call, rng)
    leaves_alone(call, sketch)


@lower_to_one.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    sketch, mod = _in_one(call, rng)
    same_numbers(call, rng, mod, sketch)
