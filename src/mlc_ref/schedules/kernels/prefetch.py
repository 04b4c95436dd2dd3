"""Ask for memory before it is needed: no schedule primitive does that, a small rewrite of the scheduled program does."""

from collections.abc import Sequence

import tvm
from tvm import s_tir, tirx
from tvm.s_tir import Schedule
from tvm.s_tir.schedule import LoopRV
from tvm_ffi import structural_equal

from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text

READ, WRITE = 0, 1
_KEEP, _DATA = 3, 1  # in all caches; of data, not of instructions: the arguments of LLVM's llvm.prefetch


def prefetch(element: tirx.BufferLoad, intent: int) -> tirx.Stmt:
    """A request for the cache line of an element, which is not waited for.

    Args:
        element: of any buffer; its address must exist, or nothing is fetched.
        intent: ``READ``, or ``WRITE`` for a line that will be written as a whole or in part.

    Raises:
        ValueError: another intent.
    """
    if intent not in (READ, WRITE):
        raise ValueError(
            refused("intent", intent, Text(f"{READ} (read) and {WRITE} (write)", f"{READ}（读）和 {WRITE}（写）"))
        )
    address = tirx.call_intrin("handle", "tirx.address_of", element)
    return tirx.Evaluate(tirx.call_intrin("void", "tirx.prefetch", address, intent, _KEEP, _DATA))


@takes("Schedule")
def at_start_of(sch: Schedule, loop: LoopRV, statements: Sequence[tirx.Stmt]) -> Schedule:
    """Run statements at the start of every iteration of a loop.

    They stand outside of any block, so they must not touch the values of a buffer; requests for memory do not.

    Before::

        for i: body

    After::

        for i: statements; body

    Args:
        loop: of the only function ``main``; the statements may use its variable and those of the loops around it.

    Returns:
        A schedule of the new program, which has no trace.

    Raises:
        ValueError: the loop stands inside a block other than the root.
    """
    func = sch.mod["main"]
    wanted = sch.get(loop).loop_var
    body = _rebuilt(func.body, wanted, list(statements))
    if structural_equal(body, func.body):
        raise invalid(
            f"loop {wanted.name}: got a loop inside a block, allowed those of the root block",
            f"循环 {wanted.name}：得到块内部的循环，允许的是根块的循环",
        )
    return Schedule(tvm.IRModule({"main": func.with_body(body)}))


def _rebuilt(stmt: tirx.Stmt, wanted: tirx.Var, statements: list[tirx.Stmt]) -> tirx.Stmt:
    """The statement with the loops and sequences down to the loop over ``wanted`` made anew."""
    if isinstance(stmt, tirx.SeqStmt):
        return tirx.SeqStmt([_rebuilt(each, wanted, statements) for each in stmt.seq])
    if isinstance(stmt, tirx.For):
        found = stmt.loop_var.same_as(wanted)
        body = tirx.SeqStmt([*statements, stmt.body]) if found else _rebuilt(stmt.body, wanted, statements)
        binding, notes = stmt.thread_binding, stmt.annotations
        return tirx.For(stmt.loop_var, stmt.min, stmt.extent, stmt.kind, body, binding, notes, stmt.step)
    if isinstance(stmt, s_tir.SBlockRealize) and stmt.block.name_hint == "root":
        root = stmt.block
        body = _rebuilt(root.body, wanted, statements)
        block = s_tir.SBlock([], [], [], "root", body, None, root.alloc_buffers, None, root.annotations)
        return s_tir.SBlockRealize([], stmt.predicate, block)
    return stmt
