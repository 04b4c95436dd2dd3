"""Passes on random modules with branches, tuples, second names, impure calls and several functions, against NumPy.

``MLC_FUZZ=1000`` looks at so many modules; a few by default.
"""

import os
import re

import numpy as np
import tvm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from relax_numpy import EFFECTS, evaluate
from tvm.relax.analysis import check_well_formed

from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization.patterns import fuse_linear_by_pattern, rewrite_multiply_add_by_pattern

PASSES = [
    *(passes.FoldConstants, passes.EliminateCommonSubexpressions, passes.EliminateDeadCode, passes.RewriteMultiplyAdd),
    *(passes.FuseLinear, passes.simplify(), rewrite_multiply_add_by_pattern, fuse_linear_by_pattern),
]
PAIRS = ["add", "subtract", "multiply", "matmul"]
MATRIX, VECTOR = 'R.Tensor((3, 3), "float32")', 'R.Tensor((3,), "float32")'


class Source:
    """The lines of one function; every choice is Hypothesis's, so that a failure shrinks."""

    def __init__(self, draw, helpers):
        self.draw, self.helpers, self.count, self.lines, self.values = draw, helpers, 0, [], []

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def one_of(self, choices):
        return self.draw(st.sampled_from(choices))

    def emit(self, indent, known, kinds):
        """One binding, which is known afterwards."""
        kind, name, pick = self.one_of(kinds), self.name(), lambda: self.one_of(known)
        if kind == "if":
            self.branches(indent, known, name)
        else:
            value = {
                "pair": lambda: f"R.{self.one_of(PAIRS)}({pick()}, {pick()})",
                "one": lambda: f"R.{self.one_of(['tanh', 'nn.relu'])}({pick()})",
                "bias": lambda: f"R.add({pick()}, b)",
                "alias": pick,
                "constant": lambda: f'R.multiply({pick()}, R.add(R.const(1, "float32"), R.const(2, "float32")))',
                "tuple": lambda: f"R.tanh(({pick()}, {pick()})[{self.one_of([0, 1])}])",
                "call": lambda: f"cls.{self.one_of(self.helpers)}({pick()}, b)",
                "record": lambda: f'R.call_packed("record", {pick()}, ty_args={MATRIX})',
                "again": lambda: self.one_of(self.readable(known) or known),
            }[kind]()
            self.values.append(value)
            self.lines.append(f"{indent}{name} = {value}")
        known.append(name)

    def readable(self, known):
        """Values written before, in a branch too, whose operands can be read here: to write them once more."""
        return [value for value in self.values if set(re.findall(r"\bv\d+", value)) <= set(known)]

    def branches(self, indent, known, name):
        for word in ("if c:", "else:"):
            self.lines.append(indent + word)
            inner = list(known)
            for _ in range(self.draw(st.integers(1, 3))):
                self.emit(indent + "    ", inner, [*SIMPLE, "record"])
            self.lines.append(f"{indent}    {name} = R.{self.one_of(PAIRS)}({inner[-1]}, {self.one_of(inner)})")

    def statements(self, kinds, known, most=8):
        pure = self.one_of([False, False, True])
        if pure:
            self.lines.append("        with R.dataflow():")
            kinds = [kind for kind in kinds if kind not in ("if", "record")]
        indent = " " * (12 if pure else 8)
        for _ in range(self.draw(st.integers(2, most))):
            self.emit(indent, known, kinds)
        if not pure:
            # Hypothesis begins with little; a branch and a value written again after it is what goes wrong.
            for kind in ("record", "if", "again"):
                self.emit(indent, known, [kind])
        results = known[-self.draw(st.integers(1, 2)) :]
        if pure:
            # A parameter is no output of a block; here the last values are always bound in it.
            self.lines.append(f"{indent}R.output({', '.join(results)})")
        return f"({', '.join(results)})" if len(results) > 1 else results[0]


SIMPLE = ["pair", "pair", "one", "bias", "alias", "again", "again"]
EVERYTHING = [*SIMPLE, "again", "if", "if", "tuple", "call", "constant", "record"]


@st.composite
def modules(draw):
    """The text of a module: ``main`` and two private functions it may call."""
    lines = ["@I.ir_module", "class Module:"]
    for helper in ("helper0", "helper1"):
        source = Source(draw, [])
        known = ["x"]
        for _ in range(draw(st.integers(1, 3))):
            source.emit(" " * 8, known, SIMPLE)
        lines += [
            "    @R.function(private=True)",
            f"    def {helper}(x: {MATRIX}, b: {VECTOR}) -> {MATRIX}:",
            *source.lines,
        ]
        lines.append(f"        return {known[-1]}")
    source = Source(draw, ["helper0", "helper1"])
    result = source.statements(EVERYTHING, ["x", "y"])
    head = f'    def main(x: {MATRIX}, y: {MATRIX}, b: {VECTOR}, c: R.Tensor((), "bool")):'
    return "\n".join(
        [*lines, "    @R.function(pure=False)", head, "        cls = Module", *source.lines, f"        return {result}"]
    )


def flat(value):
    return value if isinstance(value, tuple) else (value,)


def observed(mod, *arguments):
    """The results, and after them what every impure call was given, in order."""
    results = flat(evaluate(mod, *arguments))
    return [*results, *(given for _, given in EFFECTS)]


@given(text=modules())
@settings(
    max_examples=int(os.environ.get("MLC_FUZZ", "25")),
    deadline=None,
    derandomize="MLC_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
def test_no_pass_changes_what_a_random_module_computes(text):
    mod = tvm.script.from_source(text)
    before = mod.script(show_meta=True)
    rng = np.random.default_rng(0)
    x, y, b = (rng.standard_normal(shape) for shape in ((3, 3), (3, 3), (3,)))
    for rewrite in PASSES:
        after = rewrite(mod)
        assert mod.script(show_meta=True) == before
        assert check_well_formed(after)
        for c in (False, True):
            expected, found = observed(mod, x, y, b, c), observed(after, x, y, b, c)
            assert all(np.allclose(e, f, rtol=1e-6) for e, f in zip(expected, found, strict=True)), after.script()
