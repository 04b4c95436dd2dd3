"""A process that judges answers to exercises, each in a forked child with limits of its own.

An answer may loop for ever, use up the memory or write outside its arrays: that ends its child alone.
What every answer of an item needs is done once, before forking: imports, the cells that stand before it, and
whatever TVM does on first use.
Requests and replies are lines of JSON. A request is a dict with ``stem``, ``item``, ``code`` (what stands in
the answer cell), ``seed`` and ``first_loss`` (stop at the first part that is lost). A reply has one of

* ``parts``: for each part judged, its name and ``None`` (earned) or the message in English and Chinese,
* ``raised``: the cell raised this before there was an answer,
* ``died``: the child was ended by a signal or a limit.
"""

import contextlib
import gc
import io
import json
import linecache
import os
import resource
import select
import signal
import sys
import types
from functools import cache

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


@cache
def notebook_before(stem, item):
    """The module of a notebook in which all cells before an answer have run."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    with contextlib.redirect_stdout(io.StringIO()):
        for number, source in enumerate(cells_before(stem, item)):
            run_cell(vars(module), source, number)
    return module


def answer_of(stem, item, code):
    """The value that the check cell would hand in, for this text of the answer cell."""
    module = sys.modules["__main__"] = notebook_before(stem, item)
    with contextlib.redirect_stdout(io.StringIO()):
        run_cell(vars(module), code, 1000)
        return eval(answer_expression(stem, item), vars(module))


def judged(stem, item, code, seed=0, first_loss=False):
    """The reply to one request."""
    import numpy as np

    from mlc_course.exercises.catalog import load_task
    from mlc_course.exercises.local import judge

    task = load_task(stem, item)
    try:
        answer = answer_of(stem, item, code)
    except (Exception, SystemExit) as error:
        return {"raised": f"{type(error).__name__}: {error}"[:300]}
    if not first_loss:
        return {"parts": _told(judge(task, answer, np.random.default_rng(seed)).results)}
    return {"parts": _until_lost(task, answer, np.random.default_rng(seed))}


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


def forked(request):
    """Judge one request in a child, and say how the child ended if it does not."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(receive)
            _in_child(request, send)
            code = 0
        except BaseException as error:
            with contextlib.suppress(Exception):
                os.write(send, json.dumps({"raised": f"{type(error).__name__}: {error}"[:300]}).encode())
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


def warm_up():
    """Read, compile and run a small program: what TVM and ``inspect`` look up on first use stays looked up in children."""
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
    from mlc_course.exercises.catalog import load_tasks

    warm_up()
    for line in sys.stdin:
        request = json.loads(line)
        load_tasks(request["stem"])
        notebook_before(request["stem"], request["item"])
        answer_expression(request["stem"], request["item"])
        gc.collect()
        gc.freeze()  # a child that looks for garbage does not walk, and so copy, what it shares
        print(json.dumps(forked(request)), file=replies)


if __name__ == "__main__":
    main()
