"""A process that judges answers to exercises, each in a forked child with limits of its own.

An answer may loop for ever, use up the memory or write outside its arrays: that ends its child alone.
What all answers need is done once, before forking: imports, and whatever TVM does on first use. The cells that stand
before an answer run in a process of the item, forked for it when it is first asked for and kept; the item's answers are
judged in children of that. So what these cells register, draw or change reaches no other item, in whatever order they come.

Requests and replies are lines of JSON. A request is a dict with ``stem``, ``item``, ``code`` (what stands in
the answer cell), ``seed`` and ``first_loss`` (stop at the first part that is lost). A reply has one of

* ``parts``: for each part judged, its name and ``None`` (earned) or the message in English and Chinese,
* ``raised``: the cell, or one before it, raised this before there was an answer,
* ``died``: the child was ended by a signal or a limit.
"""

import ast
import contextlib
import gc
import io
import json
import linecache
import multiprocessing
import os
import resource
import select
import signal
import sys
import types
from functools import cache
from multiprocessing.connection import Connection

from present import present

os.environ.setdefault("TVM_NUM_THREADS", "1")

CPU_SECONDS = 12
WALL_SECONDS = 240
MEMORY_BYTES = 12 * 2**30


@cache
def cells_before(stem, item):
    """The cells that run before the answer of an item: setup, and what is shown up to there."""
    from mlc_course.exercises.catalog import load_exercise

    cells = load_exercise(stem).cells
    place = next(n for n, cell in enumerate(cells) if cell.role == "answer" and cell.item == item)
    return [cell.source for cell in cells[:place] if cell.role in ("setup", "example")]


@cache
def answer_expression(stem, item):
    """What the check cell of an item hands in."""
    from mlc_course.exercises.catalog import load_exercise
    from mlc_course.exercises.source import parse_check

    (cell,) = [cell for cell in load_exercise(stem).cells if cell.role == "check" and cell.item == item]
    return present(parse_check(cell.source)).answer


def run_cell(scope, source, number):
    """Run a cell as a notebook does: its text can be read back, which TVMScript and checks need."""
    name = f"<ipython-input-{number}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), scope)


def notebook_before(stem, item):
    """Make this process a notebook in which all cells before an answer have run."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    with contextlib.redirect_stdout(io.StringIO()):
        for number, source in enumerate(cells_before(stem, item)):
            run_cell(vars(module), source, number)


def answer_of(stem, item, code):
    """The value that the check cell would hand in, for this text of the answer cell."""
    scope = vars(sys.modules["__main__"])
    with contextlib.redirect_stdout(io.StringIO()):
        run_cell(scope, code, 1000)
        return eval(answer_expression(stem, item), scope)


def judged(stem, item, code, seed=0, first_loss=False):
    """The reply to one request."""
    import numpy as np

    from mlc_course.exercises.catalog import load_task
    from mlc_course.exercises.local import judge

    task = load_task(stem, item)
    try:
        answer = answer_of(stem, item, code)
    except (Exception, SystemExit) as error:
        return _raised(error)
    if not first_loss:
        return {"parts": _told(judge(task, answer, np.random.default_rng(seed)).results)}
    return {"parts": _until_lost(task, answer, np.random.default_rng(seed))}


def _raised(error):
    return {"raised": f"{type(error).__name__}: {error}"[:300]}


def _told(results):
    return {part.name: None if part.passed else _message(part) for part in results}


def _message(part):
    texts = [text for text in (part.message, part.hint) if text is not None]
    return [" ".join(text.en for text in texts), " ".join(text.zh for text in texts)]


def _until_lost(task, answer, rng):
    from mlc_course.exercises import local

    class LostError(BaseException):
        pass

    results = []

    def stop(result):
        results.append(result)
        if not result.passed:
            raise LostError

    with contextlib.suppress(LostError):
        return _told(local.judge_parts(task, lambda: local.prepare(task, answer), local._call, rng, stop))
    return _told(results)


def _in_child(request, pipe):
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    with os.fdopen(pipe, "w") as stream:
        json.dump(judged(**request), stream)


def forked(request, connection):
    """Judge one request in a child, which has no part in the connection, and say how the child ended if it does not."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(receive)
            connection.close()
            _in_child(request, send)
            code = 0
        except BaseException as error:
            with contextlib.suppress(Exception):
                os.write(send, json.dumps(_raised(error)).encode())
        finally:
            os._exit(code)
    os.close(send)
    text = _read(receive, child)
    os.close(receive)
    _pid, status = os.waitpid(child, 0)
    try:
        return json.loads(text)
    except ValueError:
        return {"died": signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "no result"}


def _read(pipe, child):
    text = b""
    while select.select([pipe], [], [], WALL_SECONDS)[0]:
        if not (more := os.read(pipe, 2**16)):
            return text
        text += more
    os.kill(child, signal.SIGKILL)
    return text


def serve_item(connection, stem, item):
    """Run the cells before an answer, then judge answers until the connection is closed at its other end."""
    problem = None
    try:
        notebook_before(stem, item)
    except (Exception, SystemExit) as error:
        problem = _raised(error)
    gc.collect()
    gc.freeze()  # a child that looks for garbage does not walk, and so copy, what it shares
    with contextlib.suppress(EOFError):
        while True:
            request = connection.recv()
            connection.send(problem or forked(request, connection))


def item_process(stem, item, others):
    """Fork the process of an item, in which the given files and connections are closed; return the connection to it."""
    ours, theirs = multiprocessing.Pipe()
    if os.fork() == 0:
        try:
            for each in (ours, *others):
                each.close()
            serve_item(theirs, stem, item)
        finally:
            os._exit(0)
    theirs.close()
    return ours


def load(stem, item):
    """Import what judging an item and the cells before it need, once for the processes of all items."""
    from mlc_course.exercises.catalog import load_tasks

    load_tasks(stem)
    answer_expression(stem, item)
    for source in cells_before(stem, item):
        imports: list[ast.stmt] = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
        with contextlib.suppress(Exception):  # a cell that raises is told of by the item's process
            exec(compile(ast.Module(imports, []), "<imports>", "exec"), {})
    gc.collect()
    gc.freeze()


def warm_up():
    """Read and compile a small program: what TVM and ``inspect`` look up on first use stays looked up in children."""
    import tvm
    from tvm import relax
    from tvm.script import relax as R

    from mlc_ref.harness import build

    source = "@R.function\ndef main(x: R.Tensor((2,), 'float32')):\n    return R.tanh(x)\n"
    scope = {"R": R}
    run_cell(scope, source, 2000)
    relax.VirtualMachine(build(tvm.IRModule({"main": scope["main"]})), tvm.cpu())


def main():
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what loading the checks prints is no reply
    from mlc_course.exercises import local  # noqa: F401

    warm_up()
    processes: dict[tuple[str, str], Connection] = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = request["stem"], request["item"]
        if key not in processes:
            load(*key)
            processes[key] = item_process(*key, (replies, *processes.values()))
        processes[key].send(request)
        try:
            reply = processes[key].recv()
        except EOFError:
            processes.pop(key).close()
            reply = {"died": "the process in which the cells before the answer run"}
        print(json.dumps(reply), file=replies)


if __name__ == "__main__":
    main()
