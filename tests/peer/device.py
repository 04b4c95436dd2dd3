"""A CUDA device without a GPU: its memory is the host's, and the simulator runs its kernels.

``install`` makes ``tvm.cuda()`` exist and builds functions for CUDA twice: as TVM does, so that the text is there
to be looked at, and as host functions of the same signature that hand their arguments to the simulator.
"""

import ctypes
import math
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tvm

from mlc_ref.gpu_sim import Options, SimulationError, Unsupported, simulate
from mlc_ref.gpu_sim.elements import Element, parse
from mlc_ref.language import Text
from mlc_ref.targets import cuda_target

LAUNCH = "mlc_course.peer.launch"
HOST_KINDS = ("llvm", "c", "cuda_host")
_SIZES = {
    1: 1024,
    2: 32,
    3: 48 * 1024,
    5: "simulated",
    6: 1_410_000,
    7: 108,
    8: "[1024, 1024, 64]",
    10: 12000,
    11: 12000,
}


class TooLong(Exception):
    """A test's kernels take longer than a test may."""


@dataclass
class Record:
    """What happened during one test.

    Attributes:
        runs: kernels' functions that the simulator ran to their end.
        refusals: what it does not know, one short sentence each.
        errors: what it says is wrong with a kernel.
        unbuilt: why TVM itself did not build a function.
    """

    runs: int = 0
    refusals: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unbuilt: list[str] = field(default_factory=list)


@dataclass
class Compiled:
    """A function as it was when it was built."""

    mod: tvm.IRModule
    target: tvm.target.Target
    context: tvm.transform.PassContext


class Simulated:
    """The device. ``record`` is of the test that runs now; ``seconds`` is what one launch may take."""

    def __init__(self, compute_version: str, seconds: float):
        self.record = Record()
        self.compute_version = compute_version
        self.seconds = seconds
        self._compiled: list[Compiled] = []
        self._build = tvm.tirx.build
        self._shown: list[tuple[Any, Any]] = []  # what ``build`` returned, and what TVM built

    def install(self) -> None:
        """Take the place of a GPU until the process ends."""
        memory = tvm.get_global_func("device_api.cpu")()
        tvm.register_global_func("device_api.cuda", lambda: memory, override=True)
        tvm.register_global_func(LAUNCH, self.launch, override=True)
        tvm.register_global_func("tirx.build", self.build, override=True)
        tvm.tirx.build = self.build
        self._answer_for_the_device()
        self._complete_targets()
        self._show_text()

    def _show_text(self) -> None:
        """A library shows the CUDA text as imported, which its functions never look into."""
        imports = tvm.runtime.Module.imports.fget

        def shown(module: Any) -> Any:
            return imports(next((built for host, built in self._shown if host.same_as(module)), module))

        tvm.runtime.Module.imports = property(shown)

    def _answer_for_the_device(self) -> None:
        ask = tvm.runtime.Device._GetDeviceAttr
        answers = {**_SIZES, 4: self.compute_version}

        def answer(device: Any, kind: int, index: int, attribute: int) -> Any:
            if kind != tvm.cuda().dlpack_device_type():
                return ask(device, kind, index, attribute)
            return answers.get(attribute) if attribute else int(index == 0)

        tvm.runtime.Device._GetDeviceAttr = answer

    def _complete_targets(self) -> None:
        """A target without an architecture would ask the driver for it."""
        make, arch = tvm.target.Target.__init__, "sm_" + self.compute_version.replace(".", "")
        asked = {"cuda": "arch", "nvptx": "mcpu"}

        def complete(made: Any, target: Any, *more: Any, **named: Any) -> None:
            if target in list(asked):
                target = {"kind": target}
            kind = target.get("kind") if isinstance(target, dict) else None
            if kind in asked:
                target = {asked[kind]: arch, **target}
            make(made, target, *more, **named)

        tvm.target.Target.__init__ = complete

    def build(self, mod: Any, target: Any = None, pipeline: Any = "default") -> Any:
        """``tvm.tirx.build``, with the simulator behind every function that starts kernels."""
        mod = tvm.IRModule.from_expr(mod) if isinstance(mod, tvm.tirx.PrimFunc) else mod
        try:
            library = self._build(mod, target, pipeline)
        except Exception as error:
            self.record.unbuilt.append(first_line(error))
            raise
        if not any(module.kind == "cuda" for module in library.imports):
            return library
        host = self._build(self._stubs(_bound(mod, target), pipeline), tvm.target.Target("llvm"), "default")
        for module in library.imports:
            if module.kind != "cuda":
                host.import_module(module)
        self._shown.append((host, library))
        return host

    def _stubs(self, mod: tvm.IRModule, pipeline: Any) -> tvm.IRModule:
        """The module with each function that starts kernels replaced by one that calls ``launch``."""
        functions = dict(mod.functions_items())
        for variable, func in mod.functions_items():
            target = func.attrs["target"]
            if target.kind.name in HOST_KINDS:
                functions[variable] = func.with_attr("target", tvm.target.Target("llvm"))
                continue
            if "global_symbol" not in func.attrs:
                functions.pop(variable)  # called by kernels only
                continue
            number = len(self._compiled)
            self._compiled.append(Compiled(mod, target, tvm.transform.PassContext.current()))
            call = tvm.tirx.call_packed(LAUNCH, number, variable.name_hint, str(pipeline), *func.params)
            stub = func.with_body(tvm.tirx.Evaluate(call))
            functions[variable] = stub.with_attr("target", target.with_host("llvm"))
        return tvm.IRModule(functions, attrs=mod.attrs)

    def launch(self, number: int, name: str, pipeline: str, *arguments: Any) -> None:
        """Run the kernels of one function and leave in its tensors what they write."""
        with self.noted():
            if pipeline == "tirx":
                raise Unsupported(Text("a function of the pipeline tirx", "流水线 tirx 的函数"))
            compiled = self._compiled[number]
            target = compiled.target if compiled.target.host else cuda_target()
            given = [array_of(a) if hasattr(a, "data_ptr") else a for a in arguments]
            with compiled.context:
                self.simulate(compiled.mod, target, given, name)
        self.record.runs += 1

    def builds(self, action: Callable[[], Any]) -> bool:
        """Whether TVM itself does its part; noted if not."""
        try:
            action()
        except Exception as error:
            self.record.unbuilt.append(first_line(error))
            return False
        return True

    def build_text(self, mod: tvm.IRModule, target: Any) -> Any:
        """What TVM itself builds, which nothing is run of."""
        return self._build(mod, target, "default")

    def guarded(self, action: Callable[[], Any]) -> None:
        """Note what becomes of a comparison; the test goes on."""
        try:
            with self.noted():
                self.record.runs += bool(action())
        except Exception:
            return

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note an error in the test's record, and pass it on."""
        try:
            yield
        except Unsupported as error:
            self.record.refusals.append(shortened(error.text.en))
            raise
        except TooLong as error:
            self.record.refusals.append(str(error))
            raise
        except SimulationError as error:
            self.record.errors.append(f"{type(error).__name__}: {error.text.en}")
            raise
        except Exception as error:
            self.record.errors.append(f"{type(error).__name__}: {first_line(error)}")
            raise

    def simulate(self, mod: tvm.IRModule, target: Any, given: list[Any], name: str = "main") -> None:
        """Run a function on arrays, which it changes, and numbers, in the order of its parameters."""
        arrays = [a for a in given if isinstance(a, np.ndarray)]
        numbers = [a for a in given if not isinstance(a, np.ndarray)]
        with _limit(self.seconds):
            result = simulate(mod, numbers, arrays, target=target, options=Options(step_limit=10**8), entry=name)
        for array, written in zip(arrays, result.outputs, strict=True):
            if array.tobytes() != written.tobytes():  # a tensor given twice is written once
                array[...] = written


class _limit:
    """Raise ``TooLong`` in what takes longer."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def __enter__(self) -> None:
        def stop(*_: Any) -> None:
            raise TooLong(f"more than {self.seconds:g} seconds")

        self.before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_: Any) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


def array_of(tensor: Any) -> np.ndarray:
    """The memory of a tensor; a vector's elements are one axis more.

    Raises:
        Unsupported: elements that NumPy has no type for.
    """
    name = str(tensor.dtype)
    element: Element | None = parse(name)
    if element is None:
        raise Unsupported(Text(f"type {name}", f"类型 {name}"))
    shape = [*tensor.shape, element.width] if element.width > 1 else list(tensor.shape)
    count = math.prod(shape)
    if not count:
        return np.zeros(shape, element.dtype)
    memory = (ctypes.c_ubyte * (count * element.dtype.itemsize)).from_address(tensor.data_ptr())
    return np.frombuffer(memory, np.uint8).view(element.dtype).reshape(shape)


def shortened(message: str) -> str:
    """What is not supported, without the names of kernel and statement, so that equal things count together."""
    text = message.split("; statement:")[0]
    return re.sub(r"^(kernel|function) [\w.]+: ", "", text).split("\n")[0][:110]


def _bound(mod: tvm.IRModule, target: Any) -> tvm.IRModule:
    """The module with the target of each function, as ``tvm.tirx.build`` binds it."""
    target = tvm.target.Target.current() if target is None else target
    target = tvm.target.Target("llvm" if target is None else target)
    return tvm.tirx.transform.BindTarget(target if target.host else target.with_host("llvm"))(mod)


def first_line(error: BaseException) -> str:
    return (lines_of(str(error))[-1] or type(error).__name__)[:200]


def lines_of(message: str) -> list[str]:
    """The lines that say something, or one that is empty."""
    return [line for line in message.strip().splitlines() if line.strip()] or [""]
