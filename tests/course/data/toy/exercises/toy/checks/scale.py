"""Checks of the item ``scale``: scale in TensorIR."""

from mlc_ref.checks import Task, arrays_match, require
from mlc_ref.language import Text

module = Task("scale", kind="module", title=Text("Scale in TensorIR", "用 TensorIR 缩放"))


@module.inspect("blocks", points=1, title=Text("one block", "一个块"))
def one_block(mod):
    count = mod.script().count("T.sblock(") - mod.script().count('T.sblock("root")')
    require(count == 1, expected=Text("1 block", "1 个块"), found=count)


@module.run("numbers", points=2, title=Text("right numbers", "数值正确"))
def module_numbers(call, rng):
    x = rng.random(60, dtype="float32")
    arrays_match(call(x, out=[((60,), "float32")]), 2 * x)
