"""Checks of the item ``fuse_pattern``: the fusion as a pattern."""

from mlc_ref.checks import Task, require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

from .shared import NUMBERS, REFUSES, fused, groups, leaves_alone, refuses, same_numbers, shared

# The fusion as a pattern.

fuse_pattern = Task("fuse_pattern", kind="program", title=Text("The fusion as a pattern", "用模式实现融合"))


@fuse_pattern.run("groups", points=2, title=Text("named groups, the longest first", "带名字的组，先匹配更长的"))
def _(call, rng):
    sides = [(relu, first) for relu in (True, False) for first in (True, False)]
    for relus, bias_first in ([True, True, False], None), ([False, True], None), *(([r], f) for r, f in sides):
        sketch, mod = fused(call, rng, relus, bias_first)
        found = [str(attrs.get("Composite")) for attrs, _ in groups(mod)]
        wanted = ["lab.linear_relu" if relu else "lab.linear" for relu in relus]
        where = Text("attribute Composite", "属性 Composite")
        hint = Text("The name of the pattern becomes the attribute.", "模式的名字就是这个属性的值。")
        require(found == wanted, expected=listing(wanted), found=listing(found), where=where, hint=hint)
    leaves_alone(call, sketch)


@fuse_pattern.run("left", points=2, title=REFUSES)
def _(call, rng):
    for each in shared(rng):
        # A sum that is read twice ends a layer: permute_dims, matmul and add are a group without ReLU.
        refuses(call, each, linear=each.linear)


@fuse_pattern.run("numbers", points=1, title=NUMBERS)
def _(call, rng):
    sketch, mod = fused(call, rng, [True, False])
    same_numbers(call, rng, mod, sketch)
