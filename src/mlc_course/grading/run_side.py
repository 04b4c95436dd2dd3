"""Runs in the runners' box: compiles a vetted module and calls it on given inputs. Only arrays leave.

There are no checks and no expected values here.
"""

from typing import Any

from mlc_course.exercises.calls import run_entry
from mlc_course.exercises.failures import failure_of
from mlc_course.grading.talk import Silence, Talk, failure_to_plain
from mlc_ref.harness import build
from mlc_ref.language import Text

_EXPECTED = Text("a module that compiles and runs", "一个能编译并运行的模块")


def load() -> None:
    """Load TVM and compile once, so that the code generator is ready before the first fork."""
    import tvm
    import tvm.relax
    from tvm import te

    a = te.placeholder((4,), "float32", name="A")
    build(tvm.IRModule({"main": te.create_prim_func([a, te.compute((4,), lambda i: a[i], name="B")])}))


def serve(talk: Talk, message: dict[str, Any]) -> None:
    """Compile the module of the first message, then answer calls until the conversation ends."""
    import tvm

    try:
        module = tvm.ir.load_json(message["text"].text)
        executable = build(module)
    except Exception as error:
        talk.send({"failure": failure_to_plain(failure_of(error, expected=_EXPECTED))})
        return
    talk.send({"ready": True})
    while True:
        try:
            asked = talk.receive()
        except Silence:
            return
        try:
            out = asked["out"] and [(tuple(shape), dtype) for shape, dtype in asked["out"]]
            result = run_entry(module, executable, asked["entry"], asked["inputs"], out)
            talk.send({"result": result})
        except Exception as error:
            talk.send({"failure": failure_to_plain(failure_of(error, expected=_EXPECTED))})
