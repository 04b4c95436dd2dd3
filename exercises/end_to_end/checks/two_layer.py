"""Checks of the item ``two_layer``: a two-layer network."""

from mlc_ref.checks import Task
from mlc_ref.language import Text

from .shared import LAYERS, NUMBERS, SIGNATURE, STRUCTURE, judge_layers, programs_only, signature

two_layer = Task("two_layer", kind="module", title=Text("A two-layer network", "两层网络"))


@two_layer.inspect("signature", points=1, title=SIGNATURE)
def _(mod):
    signature(mod, [(3, 20), *LAYERS], (3, 5))


@two_layer.inspect("structure", points=2, title=STRUCTURE)
def _(mod):
    signature(mod, [(3, 20), *LAYERS], (3, 5), rows=False)
    programs_only(mod, 3)


@two_layer.run("numbers", points=2, title=NUMBERS)
def _(call, rng):
    judge_layers(call, rng, 3)
