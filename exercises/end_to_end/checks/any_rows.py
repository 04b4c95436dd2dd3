"""Checks of the item ``any_rows``: any number of rows."""

from tvm import tirx

from mlc_ref.checks import Task, require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

from .shared import LAYERS, NUMBERS, SIGNATURE, STRUCTURE, judge_layers, programs_only, signature

any_rows = Task("any_rows", kind="module", title=Text("Any number of rows", "任意多行"))


@any_rows.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    signature(mod, [("n", 20), *LAYERS], ("n", 5))


@any_rows.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    signature(mod, [("n", 20), *LAYERS], ("n", 5), rows=False)
    programs_only(mod, 2)
    names = [v.name_hint for v, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)]
    require(
        len(names) <= 2,
        expected=Text("at most 2 tensor programs", "至多 2 个张量程序"),
        found=listing(names),
        hint=Text(
            "Leave all sizes of the layer open, and call it twice.", "让线性层的所有尺寸都成为变量，再调用两次。"
        ),
    )


@any_rows.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    for rows in (1, 3, int(rng.integers(18, 300)), int(rng.integers(300, 3000))):
        judge_layers(call, rng, rows)
