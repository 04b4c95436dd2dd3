"""Checks on passes: functions that take a module and return a new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tvm_ffi
from tvm import IRModule, relax

from mlc_ref.checks.calls import no_extern_calls
from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.checks.graphs import graph, well_formed
from mlc_ref.language import Text

_RETURN = Text("Does every path of the function end in `return`?", "函数的每条路径是否都以 `return` 结束？")
_OWN = Text(
    "Change the given module; do not make one of your own: parameters and result stay what they are.",
    "请改写给定的模块，不要另造一个：参数和结果保持不变。",
)
_COPY = Text(
    "`mod.update_func(…)` and `mod[…] = …` change the module in place. Build a new one: "
    "`tvm.IRModule({mod.get_global_var(\"main\"): function})`, or the `builder_` of a mutator.",
    "`mod.update_func(…)` 和 `mod[…] = …` 会就地改动模块。请构造新的模块："
    "`tvm.IRModule({mod.get_global_var(\"main\"): function})`，或者用改写器的 `builder_`。",
)  # fmt: skip


def returned_module(value: Any) -> IRModule:
    """The module that a function of the learner returned.

    Raises:
        CheckFailure: it returned something else.
    """
    wanted = Text("a function that returns an IRModule", "一个返回 IRModule 的函数")
    hint = _RETURN if value is None else None
    require(isinstance(value, IRModule), expected=wanted, found=type(value).__name__, hint=hint)
    return value


def rewritten_module(value: Any, given: IRModule) -> IRModule:
    """The module that a pass returned: well formed, with the parameters and the result of the given one.

    Raises:
        CheckFailure: it is not, or it calls functions outside of it.
    """
    mod = returned_module(value)
    _same_types(graph(mod), graph(given))
    well_formed(mod)
    no_extern_calls(mod)
    return mod


def _same_types(found: relax.Function, expected: relax.Function) -> None:
    count = Text(f"{len(expected.params)} parameters of main", f"main 有 {len(expected.params)} 个参数")
    require(len(found.params) == len(expected.params), expected=count, found=len(found.params), hint=_OWN)
    for ours, theirs in zip(found.params, expected.params, strict=True):
        where = Text(f"parameter {theirs.name} of main", f"main 的参数 {theirs.name}")
        require(str(ours.ty) == str(theirs.ty), expected=str(theirs.ty), found=str(ours.ty), where=where, hint=_OWN)
    where = Text("result of main", "main 的结果")
    types = str(found.ret_ty), str(expected.ret_ty)
    require(types[0] == types[1], expected=types[1], found=types[0], where=where, hint=_OWN)


@contextmanager
def case(where: Text, hint: Text) -> Iterator[None]:
    """Failures inside name the case, and its hint takes the place of theirs."""
    try:
        yield
    except CheckFailure as failure:
        inner = failure.where
        place = where if inner is None else Text(f"{where.en}: {inner.en}", f"{where.zh}：{inner.zh}")
        raise CheckFailure(expected=failure.expected, found=failure.found, where=place, hint=hint) from failure


def leaves_the_given_module_alone(call: Any, given: IRModule, *rest: Any, same: IRModule) -> None:
    """The pass does not change the module it is given.

    Args:
        call: of the task.
        given: the module handed to the pass.
        rest: its further arguments.
        same: a second, equal module, which is not handed to it.

    Raises:
        CheckFailure: the given module is another one after the call.
    """
    after = call(given, *rest, returns="arguments")[0]
    require(
        isinstance(after, IRModule) and bool(tvm_ffi.structural_equal(after, same)),
        expected=Text("the given module as it was", "给定的模块保持原样"),
        found=Text("the function changed it", "函数改动了它"),
        hint=_COPY,
    )
