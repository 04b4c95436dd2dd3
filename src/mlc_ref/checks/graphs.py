"""Checks on Relax functions: operators, calls, sub-functions, types, dataflow."""

from collections.abc import Sequence
from dataclasses import dataclass

from tvm import IRModule, relax
from tvm.ir import Call, GlobalVar, Op

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

_BY_TARGET = ("relax.call_tir", "relax.call_tir_inplace", "relax.call_dps_packed", "relax.call_pure_packed")


@dataclass(frozen=True)
class CallSite:
    """One call bound in a Relax function.

    Attributes:
        operator: the operator's name such as ``relax.nn.relu``; ``call`` for a plain function call.
        target: the function called by ``call_tir``, ``call_dps_packed`` or a plain call, else ``None``.
        function: name of the Relax function it stands in.
        call: the node.
    """

    operator: str
    target: str | None
    function: str
    call: Call

    def __str__(self) -> str:
        return self.operator if self.target is None else f"{self.operator}({self.target})"


def graph(subject: IRModule | relax.Function, entry: str = "main") -> relax.Function:
    """The Relax function a check looks at.

    Raises:
        CheckFailure: something else was given, or the module has no such Relax function.
    """
    if isinstance(subject, relax.Function):
        return subject
    if not isinstance(subject, IRModule):
        raise CheckFailure(
            expected=Text("an IRModule or a Relax function", "IRModule 或 Relax 函数"), found=type(subject).__name__
        )
    found = {v.name_hint: f for v, f in subject.functions_items() if isinstance(f, relax.Function)}
    wanted = Text(f"a Relax function named {entry}", f"名为 {entry} 的 Relax 函数")
    require(entry in found, expected=wanted, found=listing(sorted(found)))
    return found[entry]


def calls(subject: IRModule | relax.Function, entry: str = "main", *, nested: bool = True) -> list[CallSite]:
    """The calls of a Relax function in program order.

    Args:
        nested: include the calls of the Relax functions it calls, at the place of the call.
    """
    module = subject if isinstance(subject, IRModule) else None
    return _calls(graph(subject, entry), entry, module if nested else None, ())


def _calls(func: relax.Function, name: str, module: IRModule | None, active: tuple[str, ...]) -> list[CallSite]:
    found = []
    for value in _values(func):
        if not isinstance(value, Call):
            continue
        site = _site(value, name)
        callee = module[value.op] if module is not None and isinstance(value.op, GlobalVar) else None
        inner = site.target or ""
        if isinstance(callee, relax.Function) and inner not in active:
            found += _calls(callee, inner, module, (*active, inner))
        else:
            found.append(site)
    return found


def _site(call: Call, function: str) -> CallSite:
    if not isinstance(call.op, Op):
        return CallSite("call", _target(call.op), function, call)
    target = _target(call.args[0]) if call.op.name in _BY_TARGET else None
    return CallSite(str(call.op.name), target, function, call)


def _target(callee: object) -> str:
    if isinstance(callee, relax.ExternFunc):
        return str(callee.global_symbol)
    return str(getattr(callee, "name_hint", None) or getattr(callee, "name", callee))


def _values(func: relax.Function) -> list[object]:
    """Every value in the function, operands before the call that uses them."""
    found: list[object] = []
    relax.analysis.post_order_visit(func.body, found.append)
    return found


def has_operator(
    subject: IRModule | relax.Function,
    operator: str,
    *,
    count: int | None = None,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The graph calls an operator, exactly ``count`` times if that is given; calls in sub-functions count.

    Raises:
        CheckFailure: it does not; the message lists the operators it calls.
    """
    sites = calls(subject, entry)
    found = sum(site.operator == operator for site in sites)
    wanted = Text(operator, operator) if count is None else Text(f"{operator} {count} times", f"{operator} {count} 次")
    right = found > 0 if count is None else found == count
    require(right, expected=wanted, found=listing([str(s) for s in sites]), where=entry, hint=hint)


def no_operator(
    subject: IRModule | relax.Function, operator: str, *, entry: str = "main", hint: Text | None = None
) -> None:
    """The graph does not call the operator, nor do its sub-functions.

    ``operator`` may end in a dot to mean a family: ``relax.nn.``.

    Raises:
        CheckFailure: it does.
    """
    sites = [str(s) for s in calls(subject, entry) if _is(s.operator, operator)]
    wanted = Text(f"no {operator}", f"不应有 {operator}")
    require(not sites, expected=wanted, found=listing(sites), where=entry, hint=hint)


def _is(operator: str, wanted: str) -> bool:
    return operator.startswith(wanted) if wanted.endswith(".") else operator == wanted


def only_operators(
    subject: IRModule | relax.Function, allowed: set[str], *, entry: str = "main", hint: Text | None = None
) -> None:
    """Every call is of an operator in ``allowed`` (plain function calls are named ``call``).

    Raises:
        CheckFailure: naming the calls that are not.
    """
    others = [str(s) for s in calls(subject, entry) if s.operator not in allowed]
    wanted = listing(sorted(allowed))
    require(not others, expected=wanted, found=listing(others), where=entry, hint=hint)


def call_targets(
    subject: IRModule | relax.Function,
    expected: Sequence[str],
    *,
    operator: str = "relax.call_tir",
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The functions called through ``operator`` are ``expected``, in this order.

    Raises:
        CheckFailure: they are others or come in another order.
    """
    found = [str(s.target) for s in calls(subject, entry) if s.operator == operator]
    wanted = Text(f"{operator} of {listing(list(expected)).en}", f"{operator} 依次调用 {listing(list(expected)).zh}")
    require(found == list(expected), expected=wanted, found=listing(found), where=entry, hint=hint)


def calls_library(
    subject: IRModule | relax.Function, name: str, *, count: int = 1, entry: str = "main", hint: Text | None = None
) -> None:
    """The graph calls the library function ``name`` through ``call_dps_packed`` exactly ``count`` times.

    Raises:
        CheckFailure: it does so another number of times.
    """
    sites = calls(subject, entry)
    found = sum(s.operator == "relax.call_dps_packed" and s.target == name for s in sites)
    wanted = Text(f"{count} × call_dps_packed({name})", f"call_dps_packed({name}) {count} 次")
    require(found == count, expected=wanted, found=listing([str(s) for s in sites]), where=entry, hint=hint)


def sub_functions(subject: IRModule, entry: str = "main") -> dict[str, relax.Function]:
    """The Relax functions of a module that ``entry`` calls, directly or through another, by name."""
    found: dict[str, relax.Function] = {}
    pending = [graph(subject, entry)]
    while pending:
        for value in _values(pending.pop()):
            if not isinstance(value, Call) or not isinstance(value.op, GlobalVar):
                continue
            callee = subject[value.op]
            if isinstance(callee, relax.Function) and value.op.name_hint not in found:
                found[value.op.name_hint] = callee
                pending.append(callee)
    return found


def sub_function_count(
    subject: IRModule,
    count: int,
    *,
    attrs: dict[str, object] | None = None,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """``entry`` calls exactly ``count`` Relax functions that carry the stated attributes.

    Args:
        attrs: attribute names and values, such as ``{"Primitive": True}``; ``None`` asks for none.

    Raises:
        CheckFailure: another number; the message lists the sub-functions with their attributes.
    """
    everything = sub_functions(subject, entry)
    found = [name for name, func in everything.items() if _carries(func, attrs or {})]
    marks = ", ".join(f"{k}={v}" for k, v in (attrs or {}).items())
    wanted = Text(f"{count} sub-functions {marks}".rstrip(), f"{count} 个子函数 {marks}".rstrip())
    shown = listing([f"{name} {dict(func.attrs or {})}" for name, func in everything.items()])
    require(len(found) == count, expected=wanted, found=shown, where=entry, hint=hint)


def _carries(func: relax.Function, attrs: dict[str, object]) -> bool:
    present = dict(func.attrs or {})
    return all(key in present and present[key] == value for key, value in attrs.items())


def sub_function_calls(
    subject: IRModule, operators: Sequence[str], *, entry: str = "main", hint: Text | None = None
) -> None:
    """Some sub-function of ``entry`` consists of exactly these operators, in this order.

    Raises:
        CheckFailure: none does; the message shows what each calls.
    """
    everything = sub_functions(subject, entry)
    bodies = {name: [s.operator for s in calls(func, name)] for name, func in everything.items()}
    shown = listing([f"{name}: {' '.join(body)}" for name, body in bodies.items()])
    wanted = Text(f"a sub-function {' '.join(operators)}", f"子函数 {' '.join(operators)}")
    require(list(operators) in bodies.values(), expected=wanted, found=shown, where=entry, hint=hint)


def result_type(
    subject: IRModule | relax.Function,
    shape: tuple[int | str, ...],
    dtype: str,
    *,
    entry: str = "main",
    hint: Text | None = None,
) -> None:
    """The function returns one tensor of the stated shape and dtype; a string names a symbolic size.

    Raises:
        CheckFailure: it returns something else.
    """
    returned = graph(subject, entry).ret_ty
    wanted = f"R.Tensor(({', '.join(map(str, shape))}), {dtype})"
    found_shape = getattr(getattr(returned, "shape", None), "values", None)
    sizes = None if found_shape is None else [str(getattr(s, "value", s)) for s in found_shape]
    found_dtype = str(getattr(returned, "dtype", ""))
    right = sizes == [str(s) for s in shape] and found_dtype == dtype
    require(right, expected=wanted, found=str(returned), where=entry, hint=hint)


def one_dataflow_block(subject: IRModule | relax.Function, *, entry: str = "main", hint: Text | None = None) -> None:
    """All bindings of the function stand in a single dataflow block.

    Raises:
        CheckFailure: it has none, several, or bindings outside.
    """
    blocks = [b for b in graph(subject, entry).body.blocks if len(b.bindings)]
    kinds = ["dataflow" if isinstance(b, relax.DataflowBlock) else "plain" for b in blocks]
    wanted = Text("one dataflow block", "一个数据流块")
    require(kinds == ["dataflow"], expected=wanted, found=listing(kinds), where=entry, hint=hint)


def well_formed(subject: IRModule, *, hint: Text | None = None) -> None:
    """The module obeys the rules of Relax, as TVM's own check states them.

    It is normalized before, as TVM does before it compiles: types that nobody wrote down are no mistake.

    Raises:
        CheckFailure: it does not; the message is TVM's.
    """
    try:
        relax.analysis.well_formed(relax.transform.Normalize()(subject))
    except Exception as error:
        wanted = Text("a well-formed module", "良构的模块")
        said = Text.english(str(error).strip().splitlines()[-1])
        raise CheckFailure(expected=wanted, found=said, hint=hint) from error
