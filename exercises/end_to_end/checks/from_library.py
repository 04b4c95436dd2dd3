"""Checks of the item ``from_library``: one layer from a library."""

import functools
import secrets

import numpy as np
from tvm import IRModule, relax

from mlc_ref.checks import Task, require
from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.graphs import calls, well_formed
from mlc_ref.checks.sites import function, listing
from mlc_ref.end_to_end import libraries, reference
from mlc_ref.language import Text

from .shared import (
    NEEDED,
    _kind,
    expect,
    normal,
    sound,
)

# One layer from a library.

from_library = Task(
    "from_library",
    kind="program",
    title=Text("One layer from a library", "其中一层来自库"),
    externs={"lab.linear": ""},
)


_PROGRAMS = {"mix": [(5, 14), (14, 9)], "square": [(5, 9)]}


def _pipeline_inputs(rng):
    return [normal(rng, *shape) for shape in [(5, 14), (14, 9), (6, 9), (6,)]]


def _pair(result) -> tuple[IRModule, object]:
    right = isinstance(result, list | tuple) and len(result) == 2 and isinstance(result[0], IRModule)
    wanted = Text("a pair: the module and an array", "一对值：模块与一个数组")
    shown = listing([type(each).__name__ for each in result]) if isinstance(result, list | tuple) else _kind(result)
    require(right, expected=wanted, found=shown)
    return result[0], result[1]


@from_library.run("graph", points=2, title=Text("graph with one library call", "含一次库调用的计算图"))
def _(call, rng):
    mod, _ = _pair(call(*_pipeline_inputs(rng), libraries.linear))
    well_formed(mod)
    found = [str(site) for site in calls(relax.transform.DeadCodeElimination()(mod))]
    wanted = ["relax.call_tir(mix)", "relax.call_tir(square)", "relax.call_dps_packed(lab.linear)"]
    hint = Text(
        "The library multiplies by a transposed weight and adds a bias. Which program does that?",
        "库函数乘以转置的权重，再加偏置。哪个程序做的是这件事？",
    )
    require(found == wanted, expected=listing(wanted), found=listing(found), where=NEEDED, hint=hint)
    unused = sorted({var.name_hint for var in mod.get_global_vars()} - {"main", *_PROGRAMS})
    nobody = Text("no tensor program that nobody calls", "没有无人调用的张量程序")
    hint = Text(
        "Leave it out when you write the module. DeadCodeElimination keeps a tensor program that has a global_symbol.",
        "编写模块时就不要包含它。DeadCodeElimination 会保留带有 global_symbol 的张量程序。",
    )
    require(not unused, expected=nobody, found=listing(unused), hint=hint)


@from_library.run("programs", points=1, title=Text("the other two programs as they were", "另外两个程序不变"))
def _(call, rng):
    x, v, w, b = _pipeline_inputs(rng)
    mod, _ = _pair(call(x, v, w, b, libraries.linear))
    mixed = x.astype("float64") @ v
    cases = {"mix": ([x, v], mixed), "square": ([x[:, :9]], x[:, :9].astype("float64") ** 2)}
    for name, (inputs, expected) in cases.items():
        alone = IRModule({"main": function(mod, name).with_attr("global_symbol", "main")})
        no_extern_calls(alone)
        sound(alone["main"], [*(each.shape for each in inputs), (5, 9)])
        expect(call.module(alone, *inputs, out=[((5, 9), "float32")]), expected, where=name)


@from_library.run("used", points=2, title=Text("the library given is the one used", "用的正是传入的库函数"))
def _(call, rng):
    (x, v, w, b), scale = _pipeline_inputs(rng), float(rng.uniform(2, 5))
    library = functools.partial(libraries.scaled_linear, scale=scale)
    # The library says by its result how often it was called; runs are told apart by a number that is never used twice.
    counted = functools.partial(libraries.numbered_linear, scale=scale, run=secrets.randbits(62))
    hint = Text(
        "This library multiplies its result by a number. Register the function you are given, at every call.",
        "这个库函数会把结果乘以一个数。每次调用都要注册传入的那个函数。",
    )
    mod, found = _pair(call(x, v, w, b, counted))
    wanted = _scores(x, v, w, b, scale)
    if isinstance(found, np.ndarray) and found.shape == wanted.shape:
        times = float(np.median(found / wanted))
        require(
            not (times > 1.5 and np.allclose(found, times * wanted, rtol=1e-3)),
            expected=Text("one call of the library: the one that main makes", "库函数只调用一次：由 main 调用"),
            found=Text(f"the result of call {round(times)}", f"第 {round(times)} 次调用的结果"),
            hint=Text(
                "Return what main gives; do not call the library beside it.",
                "返回 main 的结果；不要在它之外再调用库函数。",
            ),
        )
    expect(found, wanted, hint=hint)
    # An array does not say where it comes from: the module is run elsewhere too, on other arrays.
    x, v, w, b = _pipeline_inputs(rng)
    again = call.module(mod, x, v, w, b, libraries={"lab.linear": library})
    expect(again, _scores(x, v, w, b, scale), where=Text("your module, run again", "再次运行你的模块"), hint=hint)


def _scores(x, v, w, b, scale):
    return scale * reference.linear((x.astype("float64") @ v) ** 2, w, b)
