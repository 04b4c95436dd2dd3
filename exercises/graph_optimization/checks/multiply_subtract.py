"""Checks of the item ``multiply_subtract``: a product and a difference."""

from collections import Counter

from tvm import IRModule

from mlc_ref.checks import Task
from mlc_ref.checks.graphs import calls
from mlc_ref.checks.rewrites import case
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

from .shared import NUMBERS, REFUSES, leaves_alone, require_calls, rewritten, same_numbers, sizes

# A product and a difference.

multiply_subtract = Task("multiply_subtract", kind="program", title=Text("A product and a difference", "乘积与差"))


def _products(rng) -> tuple[Sketch, int]:
    """A chain of differences, each of a product with no other use, and their number."""
    lines, last, count = [], "x", int(rng.integers(2, 6))
    for i in range(count):
        factors = rng.permutation([last, rng.choice(["y", "z"] if i else ["x", "y", "z"])])
        third = rng.choice(["x", "y", "z", last])
        lines += [f"p{i} = R.multiply({factors[0]}, {factors[1]})", f"q{i} = R.subtract(p{i}, {third})"]
        last = f"q{i}"
    return Sketch(dict.fromkeys("xyz", tuple(sizes(rng, int(rng.integers(1, 4))))), lines, last), count


_FITS = ["p = R.multiply(x, y)", "a = R.subtract(p, z)"]


_LEFT_SIDE = Text("Only a product on the left is rewritten.", "只改写乘积在左边的情形。")


_READ_ONCE = Text(
    "Something else needs the product too: `use_counts` tells how often a variable is read, and being returned is a read.",
    "别处还需要这个乘积：`use_counts` 给出变量被读取的次数，被返回也算一次读取。",
)


_ONE_SHAPE = Text(
    "All three must have the same sizes, not only the same number of them: compare `[int(n) for n in v.ty.shape]` "
    "of `x`, of `y` and of `z`.",
    "三者的每个长度都必须相同，只有维数相同还不够：比较 `x`、`y`、`z` 各自的 `[int(n) for n in v.ty.shape]`。",
)


_NO_PRODUCT = Text("What is subtracted from is no product.", "被减数不是乘积。")


_STAYS = [
    (Text("z - x * y", "z - x * y"), ["u = R.multiply(a, y)", "out = R.subtract(z, u)"], _LEFT_SIDE),
    (Text("a product read twice", "被读取两次的乘积"),
     ["u = R.multiply(a, y)", "d = R.subtract(u, z)", "out = R.add(d, u)"], _READ_ONCE),
    (Text("a product on both sides of the difference", "差的两边是同一个乘积"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, u)"], _READ_ONCE),
    (Text("a product that is returned as well", "同时也被返回的乘积"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, z)", "out, u"], _READ_ONCE),
    (Text("a sum, not a product", "是和而不是乘积"), ["u = R.add(a, y)", "out = R.subtract(u, z)"], _NO_PRODUCT),
    (Text("a sum after a product", "乘积之后是和"), ["u = R.multiply(a, y)", "out = R.add(u, z)"], _NO_PRODUCT),
    (Text("a broadcast row", "需要广播的一行"), ["u = R.multiply(a, y)", "out = R.subtract(u, row)"], _ONE_SHAPE),
    (Text("a row in the product", "乘积里有一行需要广播"),
     ["u = R.multiply(row, a)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a row as second factor", "第二个因子是需要广播的一行"),
     ["u = R.multiply(a, row)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a factor of shape (1, n)", "形状为 (1, n) 的因子"),
     ["u = R.multiply(wide, a)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("a second factor of shape (n, 1)", "第二个因子的形状为 (n, 1)"),
     ["u = R.multiply(a, tall)", "out = R.subtract(u, z)"], _ONE_SHAPE),
    (Text("z of shape (1, n)", "z 的形状为 (1, n)"),
     ["u = R.multiply(a, y)", "out = R.subtract(u, wide)"], _ONE_SHAPE),
    (Text("two factors of shape (n, 1)", "两个因子的形状都是 (n, 1)"),
     ["u = R.multiply(tall, tall)", "out = R.subtract(u, a)"], _ONE_SHAPE),
    (Text("a constant factor", "因子是常量"),
     ['u = R.multiply(a, R.const(2.5, "float32"))', "out = R.subtract(u, z)"], _ONE_SHAPE),
]  # fmt: skip


_CLEAN = Text(
    "A product is still there, though nobody reads it: `transform.DeadCodeElimination()` removes it.",
    "乘积还在，尽管已无人读取：用 `transform.DeadCodeElimination()` 删除它。",
)


_NEVER = Text(
    "No pair was rewritten. If you compare shapes: `x.ty.shape == y.ty.shape` is always false, as it asks whether both "
    "are one object; compare the lists `[int(n) for n in x.ty.shape]`.",
    "一对也没有改写。如果你在比较形状：`x.ty.shape == y.ty.shape` 永远为假，因为它问的是两者是否同一个对象；"
    "请比较列表 `[int(n) for n in x.ty.shape]`。",
)


_EACH = Text("Each pair is one call of its own, and nothing else is rewritten.", "每一对各是一次调用，别的都不改写。")


def _paired(call, rng) -> tuple[Sketch, IRModule]:
    """A chain of pairs, and what the answer made of it: one call for each."""
    sketch, count = _products(rng)
    mod = rewritten(call, sketch)
    found = Counter(site.operator for site in calls(mod, nested=False))
    hint = _EACH
    if "relax.call_tir" not in found:
        hint = _NEVER
    elif "relax.subtract" not in found and "relax.multiply" in found:
        hint = _CLEAN
    where = Text(f"{count} products and differences", f"{count} 组乘积与差")
    require_calls(mod, ["relax.call_tir"] * count, where, hint)
    return sketch, mod


@multiply_subtract.run("rewritten", points=2, title=Text("one call for each pair", "每一对只剩一次调用"))
def _(call, rng):
    for _round in range(4):
        _paired(call, rng)
    leaves_alone(call, _products(rng)[0])


@multiply_subtract.run("left", points=2, title=REFUSES)
def _(call, rng):
    rows, columns = sizes(rng, 2)
    shapes = {**dict.fromkeys("xyz", (rows, columns)), "row": (columns,), "wide": (1, columns), "tall": (rows, 1)}
    for where, lines, hint in _STAYS:
        bound = [line for line in lines if "R." in line]
        stays = ["relax." + line.split("R.")[1].split("(")[0] for line in bound]
        with case(where, hint):
            mod = rewritten(call, Sketch(shapes, [*_FITS, *bound], "out" if bound == lines else lines[-1]))
        if "relax.call_tir" not in [site.operator for site in calls(mod, nested=False)]:
            hint = Text(
                "The first pair, `x * y - z`, fits and must be rewritten: see the part before this one.",
                "第一对 `x * y - z` 应当改写：见前一项。",
            )
        require_calls(mod, ["relax.call_tir", *stays], where, hint)


@multiply_subtract.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    for _round in range(2):
        sketch, mod = _paired(call, rng)
        same_numbers(call, rng, mod, sketch)
