"""Checks of the item ``prune``: dead code with known libraries."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tvm import IRModule, relax
from tvm.ir import TupleGetItem

from mlc_ref.checks import Task, require
from mlc_ref.checks.graphs import graph, well_formed
from mlc_ref.checks.rewrites import leaves_the_given_module_alone, returned_module
from mlc_ref.checks.sites import listing
from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.language import Text

from .shared import (
    NUMBERS,
    same_numbers,
)

# Dead code.

prune = Task(
    "prune",
    kind="program",
    title=Text("Dead code with known libraries", "了解库函数之后的死代码消除"),
    externs={"lab.*": ""},
)


_TENSOR = 'ty_args=R.Tensor((3, 5), "float32")'


def _shown(value, known: dict) -> str:
    """A value with everything it is made of written out."""
    if isinstance(value, relax.Var):
        return known[value]
    if isinstance(value, relax.Call):
        return f"{callee_name(value)}({', '.join(_shown(a, known) for a in value.args)})"
    if isinstance(value, relax.Tuple):
        return f"({', '.join(_shown(f, known) for f in value.fields)})"
    if isinstance(value, TupleGetItem):
        return f"{_shown(value.tuple_value, known)}[{value.index}]"
    return type(value).__name__


def _of_a_length(text: str) -> str:
    """Short texts as they are; of a long one its end, and what tells it from others: a value may stand in it often."""
    return text if len(text) < 2_000 else f"{hashlib.sha256(text.encode()).hexdigest()[:20]}… {text[-100:]}"


def _steps(mod: IRModule) -> tuple[list[str], str]:
    """Every call, with its operands written out, in order; and the result."""
    func = graph(mod)
    known = {param: f"p{i}" for i, param in enumerate(func.params)}
    steps = []
    for binding in (b for block in func.body.blocks for b in block.bindings):
        known[binding.var] = _of_a_length(_shown(binding.value, known))
        if isinstance(binding.value, relax.Call):
            steps.append(known[binding.var])
    return steps, _shown(func.body.body, known)


@dataclass(frozen=True)
class _InParts(Sketch):
    """A sketch of three parts: the first ``inside`` and the last ``behind`` lines stand in a dataflow block each."""

    inside: int = 0
    behind: int = 0

    def module(self) -> IRModule:
        if not self.inside:
            return super().module()
        end = len(self.lines) - self.behind
        first, between, last = self.lines[: self.inside], self.lines[self.inside : end], self.lines[end:]
        lines = [*_dataflow(first), *between, *_dataflow(last)]
        return Sketch(self.parameters, lines, self.result, pure=False).module()


def _dataflow(lines: Sequence[str]) -> list[str]:
    """Lines as a dataflow block whose values may all be read behind it."""
    outputs = ", ".join(line.split(" = ")[0] for line in lines)
    return ["with R.dataflow():", *(f"    {line}" for line in lines), f"    R.output({outputs})"]


def _names(rng) -> tuple[list[str], list[str]]:
    """Library functions without effects, and such with one whose names begin or end like theirs."""
    words = [f"lab.{word}{int(rng.integers(10, 100))}" for word in ("noise", "scale")]
    return words, [f"{words[0]}_x", words[1][:-1], f"lab.log_{words[0][4:]}", f"lab.{words[1][5:]}"]


def _dead(rng, *, effects: bool, pure: bool, tuples: bool = False) -> tuple[_InParts, _InParts, list[str]]:
    """A graph, what must be left of it, and the names of library functions without effects.

    Args:
        effects: some library calls have effects.
        pure: no library calls at all, everything in one dataflow block.
        tuples: dead values are read by dead tuples.
    """
    harmless, noisy = _names(rng)
    live: list[str] = []
    lines: list[str] = []
    last, lost = "x", "y"
    split = int(rng.integers(1, 3))
    inside = [0, 0]
    for i in range(int(rng.integers(3, 6))):
        keep = [f"k{i} = R.{rng.choice(['tanh', 'sigmoid', 'nn.relu'] if i else ['exp'])}({last})"]
        gone = [f"d{i} = R.add({lost}, {last})"]
        if tuples:
            gone += [f"g{i} = (d{i}, {last})", f"f{i} = g{i}[0]"]
        lost = gone[-1].split(" = ")[0]
        if i == split and not pure:
            inside = [len(lines), len(live)]  # library calls stand in no dataflow block
        if i >= split and not pure:
            gone.append(f'e{i} = R.call_packed("{rng.choice(harmless)}", {lost}, {_TENSOR})')
        last, lost = f"k{i}", gone[-1].split(" = ")[0]
        if effects and i >= split:
            keep.append(f'h{i} = R.call_packed("{rng.choice(harmless)}", {last}, {_TENSOR})')
            keep += [f'_{i}{n} = R.call_packed("{name}", h{i}, {_TENSOR})' for n, name in enumerate(noisy)]
            keep.append(f"a{i} = _{i}{int(rng.integers(4))}")
            last = f"a{i}"
        lines += [*keep, *gone]
        live += keep
    end = [f"z = R.sigmoid({last})"]
    lines, live = [*lines, *end, f"dz = R.add({lost}, z)"], [*live, *end]
    shapes = dict.fromkeys("xy", (3, 5))
    full = _InParts(shapes, lines, "z", pure=pure, inside=inside[0], behind=2)
    return full, _InParts(shapes, live, "z", pure=pure, inside=inside[1], behind=1), [*harmless, "lab.unused"]


_CHAIN = Text("Is something kept alive by a value that is dead itself?", "是否有值只被另一个死的值读取？")


_PURE = Text(
    "The call of a library function in `pure` whose result nobody needs is dead; it keeps nothing alive.",
    "对 `pure` 中库函数的调用，若结果无人需要，就是死代码；它也不能让别的值活着。",
)


_WHOLE_NAMES = Text(
    "Only a function whose whole name is in the list has no effect: compare with `in`.",
    "只有全名在列表中的函数才没有副作用：用 `in` 比较。",
)


_ALIVE = Text(
    "Needed are the result, every call with an effect, and whatever those read, through tuples and second names too.",
    "需要的是：结果、每个有副作用的调用，以及它们读取的一切，经过元组和别名读取的也算。",
)


def _pruned(call, full: Sketch, live: Sketch, names: list[str]) -> IRModule:
    value = returned_module(call(full.module(), names))
    well_formed(value)
    (found, result), (steps, expected) = _steps(value), _steps(live.module())
    extra, missing = Counter(found) - Counter(steps), Counter(steps) - Counter(found)
    none = Text("no call that nothing needs", "没有无人需要的调用")
    kept = any(step.startswith(f"{name}(") for step in extra for name in names)
    require(not extra, expected=none, found=_few(extra), hint=_PURE if kept else _CHAIN)
    libraries = {step.split("(")[0] for step in missing if step.startswith("lab.")} - set(names)
    hint = _WHOLE_NAMES if libraries else _ALIVE
    require(not missing, expected=_few(missing), found=Text("gone", "被删除了"), hint=hint)
    effects = [[s for s in each if s.startswith("lab.")] for each in (steps, found)]
    hint = Text("Keep the calls in the order in which they stood.", "保留的调用不改变先后顺序。")
    require(effects[0] == effects[1], expected=_few(effects[0]), found=_few(effects[1]), hint=hint)
    hint = Text("Return the value that was returned before.", "返回值应与原来相同。")
    require(result == expected, expected=expected, found=result, where=Text("result", "结果"), hint=hint)
    return value


def _few(steps) -> Text:
    """Some calls, the shortest first, without what they read at length."""
    shown = sorted({step if len(step) < 60 else f"{step[:60]}…" for step in steps}, key=len)
    return listing(shown[:6] + ["…"] * (len(shown) > 6))


@prune.run("dead", points=2, title=Text("nothing dead is left", "没有剩下死代码"))
def _(call, rng):
    for tuples in (False, True, True):
        full, left, harmless = _dead(rng, effects=False, pure=False, tuples=tuples)
        _pruned(call, full, left, harmless)
    leaves_the_given_module_alone(call, full.module(), harmless, same=full.module())


@prune.run("effects", points=2, title=Text("effects stay, in order", "副作用保留，顺序不变"))
def _(call, rng):
    for _round in range(3):
        _pruned(call, *_dead(rng, effects=True, pure=False))


@prune.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    full, live, names = _dead(rng, effects=False, pure=False)
    same_numbers(call, rng, _pruned(call, full, live, names), live)
    _pruned(call, *_dead(rng, effects=False, pure=True))
