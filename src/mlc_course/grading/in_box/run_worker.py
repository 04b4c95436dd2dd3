"""Runs in the runners' box: compiles a vetted module, or loads a library, and calls it on given inputs. Only arrays leave.

There are no checks and no expected values here.
"""

from collections.abc import Callable
from typing import Any

from mlc_course.exercises.calls import LoadedLibrary, plain_result, run_entry
from mlc_course.exercises.failures import failure_of
from mlc_course.grading.protocol.channel import Channel, ChannelClosed, failure_to_plain
from mlc_ref.checks.plain_loops import LoopText, run
from mlc_ref.harness import build
from mlc_ref.language import Text

_EXPECTED = Text("a module that compiles and runs", "一个能编译并运行的模块")
_FUNCTION = Text("a function that runs", "一个能运行的函数")


def load() -> Any:
    """Load TVM and compile once, so that the code generator is ready before the first fork; the module compiled."""
    import tvm
    import tvm.relax
    from tvm import te

    a = te.placeholder((4,), "float32", name="A")
    module = tvm.IRModule({"main": te.create_prim_func([a, te.compute((4,), lambda i: a[i], name="B")])})
    build(module)
    return module


def serve(channel: Channel, message: dict[str, Any]) -> None:
    """Make ready what the first message holds, a module or a shared library, then answer calls until the end."""
    expected = _FUNCTION if "loops" in message else _EXPECTED
    try:
        call = _prepared(message)
    except Exception as error:
        channel.send({"failure": _plain_failure(error, expected)})
        return
    channel.send({"ready": True})
    while True:
        try:
            asked = channel.receive()
        except ChannelClosed:
            return
        try:
            channel.send({"result": call(asked)})
        except Exception as error:
            channel.send({"failure": _plain_failure(error, expected)})


def _prepared(message: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    if "loops" in message:
        return _loops(message["loops"])
    return _library(message["file"]) if "file" in message else _module(message)


def _module(message: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """Compile a vetted module; what runs one of its functions."""
    import tvm

    for name, library in message["libraries"].items():
        tvm.register_global_func(name, library.resolve(), override=True)
    module = tvm.ir.load_json(message["text"].text)
    executable = build(module)

    def run(asked: dict[str, Any]) -> Any:
        out = asked["out"] and [(tuple(shape), dtype) for shape, dtype in asked["out"]]
        return run_entry(module, executable, asked["entry"], asked["inputs"], out)

    return run


def _library(file: Any) -> Callable[[dict[str, Any]], Any]:
    """Load a student's shared library. It may do in this process what it likes: there is nothing here but its inputs."""
    loaded = LoadedLibrary(file)
    return lambda asked: loaded.run(asked["entry"], asked["inputs"])


def _loops(text: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """Run the text of a function, restricted to loops over single elements."""
    source = LoopText(str(text["text"]), str(text["entry"]), dict(text["modules"]))

    def call(asked: dict[str, Any]) -> Any:
        arguments = tuple(asked["inputs"])
        result = run(source, arguments)
        return plain_result(arguments if asked["returns"] == "arguments" else result)

    return call


def _plain_failure(error: Exception, expected: Text) -> dict[str, Any]:
    return failure_to_plain(failure_of(error, expected=expected))
