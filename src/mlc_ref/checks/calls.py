"""Checks on calls out of TensorIR: library functions, hardware intrinsics."""

from tvm import IRModule, tirx
from tvm.ir import Call, Op
from tvm.relax import ExternFunc
from tvm.s_tir import SBlock, Schedule

from mlc_ref.checks.failure import judging, require
from mlc_ref.checks.sites import Subject, function, listing, nodes
from mlc_ref.language import Text

_EXTERNAL = (
    "tirx.call_extern",
    "tirx.call_pure_extern",
    "tirx.tvm_call_packed",
    "tirx.tvm_call_cpacked",
    "tirx.tvm_call_packed_lowered",
    "tirx.tvm_call_cpacked_lowered",
)
_LLVM = ("tirx.call_llvm_intrin", "tirx.call_llvm_pure_intrin")
_IMPORTS = ("pragma_import_c", "pragma_import_llvm", "pragma_import_cc")


def _name(call: Call) -> str:
    """What is called: the external function, the LLVM intrinsic, or the operator."""
    from tvm.target.codegen import llvm_get_intrinsic_name

    operator = call.op.name if isinstance(call.op, Op) else str(call.op)
    if operator in _EXTERNAL and call.args:
        return str(getattr(call.args[0], "value", call.args[0]))
    if operator in _LLVM:
        return llvm_get_intrinsic_name(int(call.args[0].value))
    return operator


def called(subject: Subject, entry: str = "main") -> list[str]:
    """Names of everything a TensorIR function calls, in order, repeats included."""
    return [_name(call) for call in nodes(function(subject, entry).body, Call)]


def external_calls(subject: Subject) -> list[str]:
    """Names of the functions outside the module that it calls or brings in, in all its functions."""
    if isinstance(subject, tirx.PrimFunc):
        roots = [subject.body]
    else:
        module = subject.mod if isinstance(subject, Schedule) else subject
        roots = [getattr(f, "body", f) for _, f in module.functions_items()]
    found = []
    for root in roots:
        found += [_name(c) for c in nodes(root, Call) if isinstance(c.op, Op) and c.op.name in _EXTERNAL]
        found += [str(extern.global_symbol) for extern in nodes(root, ExternFunc)]
        for node in nodes(root, (SBlock, tirx.For)):
            found += [key for key in node.annotations if key in _IMPORTS]
        found += [a.attr_key for a in nodes(root, tirx.AttrStmt) if a.attr_key in _IMPORTS]
    return found


@judging
def no_extern_calls(subject: Subject | IRModule, *, hint: Text | None = None) -> None:
    """Nothing outside the module is called and no code is brought in: TensorIR and Relax alone.

    Raises:
        CheckFailure: naming what is called.
    """
    found = external_calls(subject)
    wanted = Text("no call of an external function", "不调用外部函数")
    require(not found, expected=wanted, found=listing(sorted(set(found))), hint=hint)


@judging
def uses_intrinsic(
    subject: Subject, name: str, *, at_least: int = 1, entry: str = "main", hint: Text | None = None
) -> None:
    """The function calls an external function, LLVM intrinsic or operator whose name contains ``name``.

    After ``tensorize`` the implementation of the intrinsic stands in the function, so its call does.

    Raises:
        CheckFailure: it does so less often than ``at_least``; the message lists what is called.
    """
    names = called(subject, entry)
    count = sum(name in each for each in names)
    wanted = Text(f"at least {at_least} call of {name}", f"至少 {at_least} 处调用 {name}")
    require(count >= at_least, expected=wanted, found=listing(sorted(set(names))), where=entry, hint=hint)
