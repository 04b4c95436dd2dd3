"""Checks of the item ``deploy``: bind and export."""

import numpy as np
from tvm import relax
from tvm.ir import GenericConst

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.checks.graphs import graph
from mlc_ref.checks.sites import listing
from mlc_ref.end_to_end.exercise_inputs.scorers import ACTIVATIONS, scorer
from mlc_ref.language import Text

from .shared import _kind, expect, normal

# Bind and export.

deploy = Task("deploy", kind="program", title=Text("Bind and export", "绑定与导出"))


_KEYS = ("module", "file", "scores")


def _deployment(rng, activation: str):
    """A module of secret sizes, its weights in float64, and images."""
    inputs, outputs, rows = (int(n) for n in rng.integers(3, 40, size=3))
    weights = {name: rng.normal(size=shape) for name, shape in
               {"scale": (inputs,), "w": (outputs, inputs), "b": (outputs,)}.items()}  # fmt: skip
    return scorer(inputs, outputs, activation), weights, normal(rng, rows, inputs)


def _deployed(call, rng, activation="sigmoid"):
    mod, weights, x = _deployment(rng, activation)
    result = call(mod, weights, x)
    right = isinstance(result, dict) and all(key in result for key in _KEYS)
    require(
        right, expected=Text(f"a dict with {', '.join(_KEYS)}", f"含 {'、'.join(_KEYS)} 的字典"), found=_kind(result)
    )
    return result, weights, x


@deploy.run("bound", points=2, title=Text("weights bound in the module", "权重已绑定到模块"))
def _(call, rng):
    result, weights, _x = _deployed(call, rng)
    func = graph(result["module"], "classify")
    names = [p.name for p in func.params]
    require(names == ["x"], expected=Text("the parameter x alone", "只剩参数 x"), found=listing(names))
    constants = []
    relax.analysis.post_order_visit(
        func.body, lambda e: constants.append(e.value.numpy()) if isinstance(e, GenericConst) else None
    )
    for name, array in weights.items():
        wanted = array.astype("float32")
        held = any(c.dtype == wanted.dtype and np.array_equal(c, wanted) for c in constants)
        found = listing([f"{c.dtype} {c.shape}" for c in constants])
        hint = Text(
            "The weights come in float64, the parameters are float32.", "传入的权重是 float64，参数是 float32。"
        )
        expected = Text(f"{name} as a float32 constant", f"{name} 作为 float32 常量")
        require(held, expected=expected, found=found, hint=hint)


@deploy.run("file", points=1, title=Text("file that holds the weights", "文件中含有权重"))
def _(call, rng):
    result, weights, x = _deployed(call, rng)
    file = _file(result)
    missing = [name for name, array in weights.items() if array.astype("float32").tobytes() not in file.tobytes()]
    hint = Text("Compile and export the module after binding.", "先绑定，再编译并导出。")
    complete = Text("all weights in the file", "文件中含有全部权重")
    require(
        not missing, expected=complete, found=Text(f"no {', '.join(missing)}", f"缺少 {'、'.join(missing)}"), hint=hint
    )
    expect(call.library(file, x, entry="classify"), _classified(x, weights, "sigmoid"), where=_AGAIN, hint=hint)


_AGAIN = Text("your file, loaded elsewhere", "在别处加载你的文件")


def _file(result) -> np.ndarray:
    file = result["file"]
    right = isinstance(file, np.ndarray) and file.dtype == np.uint8 and file.ndim == 1
    wanted = Text("the file's bytes as a uint8 array", "文件的字节，uint8 数组")
    require(right, expected=wanted, found=_kind(file))
    content = file.tobytes()
    library = content[:4] in (b"\x7fELF", b"\xcf\xfa\xed\xfe") or content[:2] == b"MZ"
    require(library, expected=Text("a shared library", "一个共享库"), found=repr(content[:4]))
    exported = b"__tvm_ffi__library_bin" in content and b"classify" in content
    ours = Text("a library with the function classify, exported by TVM", "由 TVM 导出、含有函数 classify 的库")
    require(exported, expected=ours, found=Text("another library", "别的库"))
    return file


@deploy.run("scores", points=2, title=Text("right scores", "结果正确"))
def _(call, rng):
    hint = Text(
        "Run the function of the loaded library: what the module computes is its own affair.",
        "请运行所加载的库中的函数：模块算什么，由模块自己决定。",
    )
    for activation in rng.permutation(list(ACTIVATIONS))[:2]:
        result, weights, x = _deployed(call, rng, str(activation))
        where = Text(f"a module with {activation}", f"含 {activation} 的模块")
        expect(result["scores"], _classified(x, weights, activation), where=where, hint=hint)
        # An array does not say where it comes from: the file has to give such scores for other images.
        other = normal(rng, 5, x.shape[1])
        again = _run_file(call, _file(result), other, weights)
        expect(again, _classified(other, weights, activation), where=_AGAIN, hint=hint)


def _classified(x, weights, activation):
    return ACTIVATIONS[str(activation)]((x.astype("float64") * weights["scale"]) @ weights["w"].T + weights["b"])


def _run_file(call, file, x, weights):
    """Scores by a library whose function takes ``x`` alone, or, where the weights were not bound, these as well."""
    try:
        return call.library(file, x, entry="classify")
    except CheckFailure:
        arrays = [weights[name].astype("float32") for name in ("scale", "w", "b")]
        return call.library(file, x, *arrays, entry="classify")
