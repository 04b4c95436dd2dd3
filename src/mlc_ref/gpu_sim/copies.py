"""The instructions of asynchronous copies: issue one, close a group, wait for groups (see ``copy_groups``)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.indexing import steps
from mlc_ref.gpu_sim.pointers import pointer
from mlc_ref.language import Text

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.expressions import Expressions
    from mlc_ref.gpu_sim.machine import Machine
    from mlc_ref.gpu_sim.rows import Row


def copy(machine: "Machine", expressions: "Expressions", row: "Row", call: Any) -> Callable[[], None]:
    """``cp_async_raw(target, offset, source, offset, bytes)``."""
    if len(call.args) != 5:
        raise expressions.unsupported(Text("cp.async with a predicate", "带谓词的 cp.async"))
    target, to_offset, to_pattern = pointer(machine, expressions, call.args[0], call.args[1])
    source, offset, pattern = pointer(machine, expressions, call.args[2], call.args[3])
    vector = steps(int(call.args[4]) // source.data.itemsize)
    load, store = Access(machine, row, source, "load"), Access(machine, row, target, "store")
    lanes = machine.lanes

    def run() -> None:
        low, base = pattern()
        start, places = lanes.pattern(base.array + vector)
        values = load.load(low + offset() + start, places)
        low, base = to_pattern()
        start, places = lanes.pattern(base.array + vector)
        low += to_offset() + start
        store.store(low, places, values)
        if machine.options.races:
            machine.copies.issue((store, low, places, machine.mask))

    return run


def group(
    machine: "Machine", expressions: "Expressions", stmt: Any, compile_body: Callable[[Any], Callable[[], None]]
) -> Callable[[], None]:
    """Close a group after the statement, or wait for all but the last groups before it."""
    if stmt.attr_key == "async_commit_queue_scope":
        first = compile_body(stmt.body)
        second = _of_all_threads(machine, expressions, machine.copies.commit)
    else:
        left = expressions.compile(stmt.body.value).run
        first = _of_all_threads(machine, expressions, lambda: machine.copies.wait(left()))
        second = compile_body(stmt.body.body)

    def run() -> None:
        first()
        second()

    return run


def _of_all_threads(machine: "Machine", expressions: "Expressions", action: Callable[[], None]) -> Callable[[], None]:
    row = expressions.row

    def run() -> None:
        if not machine.mask.full:
            expressions.row = row
            raise expressions.unsupported(
                Text("a group of asynchronous copies of some threads only", "只由部分线程组成的异步复制组")
            )
        action()

    return run


def _commit(machine: "Machine", expressions: "Expressions", call: Any) -> Callable[[], None]:
    """``cp.async.commit_group``."""
    return _of_all_threads(machine, expressions, machine.copies.commit)


def _wait(machine: "Machine", expressions: "Expressions", call: Any) -> Callable[[], None]:
    """``cp.async.wait_group n``."""
    left = expressions.compile(call.args[0]).run
    return _of_all_threads(machine, expressions, lambda: machine.copies.wait(left()))


GROUPS = {"ptx.cp_async_commit_group": _commit, "ptx.cp_async_wait_group": _wait}
