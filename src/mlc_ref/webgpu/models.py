"""A whole Relax model as an artefact: weights, TVM's memory plan, and the kernels in the order of the graph.

The graph is lowered as for the virtual machine; what its instructions would do one after the other (take memory, make a
tensor in it, call a program) is read off and becomes storages, tensors and launches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.dlight_rules import apply_rules
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.artefact import Artefact, Role, Tensor
from mlc_ref.webgpu.compiling import needed_features, numbered
from mlc_ref.webgpu.index_ranges import NAME_ONE
from mlc_ref.webgpu.limits import Unsupported, webgpu_target
from mlc_ref.webgpu.lowering import Call, checked_type, lower
from mlc_ref.webgpu.model_ranges import ModelRanges
from mlc_ref.webgpu.refusals import function, listed, unsupported
from mlc_ref.webgpu.refusals import span as in_words

if TYPE_CHECKING:
    import tvm

_TENSORS, _TENSORS_ALONE = Text("tensors", "张量"), Text("pass on and return tensors alone", "请只传递和返回张量")
_CALLS = Text("calls of tensor programs", "对张量程序的调用")
_RETURNED = Text("the {role} {name} as a result", "把{role} {name} 作为结果")
_COMPUTED = Text("results that programs compute", "由程序算出的结果")
_OLD_VIEW = Text(
    "{view}, another shape of {tensor}, which a program has written since",
    "{view}，它是 {tensor} 的另一种形状，而此后有程序写入了后者",
)
_NEW_VIEW = Text("one that is used before", "在写入之前使用的")
_NO_INPUTS = Text("none: it has no inputs", "没有状态，因为它没有输入")
_PLAIN_INPUT = Text("it as an input that is no state", "把它作为普通输入")
_ROLES = {"input": Text("input", "输入"), "constant": Text("constant", "常量"), "output": Text("output", "输出")}


@takes("IRModule")
def scheduled_model(mod: "tvm.IRModule") -> "tvm.IRModule":
    """A graph of operators or tensor programs, fused (TVM's ``zero`` pipeline) and scheduled by DLight's rules.

    DLight's rule for matrix products is left out: it pads to tiles of 64, and these models take one input at a time.
    Programs that are scheduled already stay as they are.

    Raises:
        ValueError: no rule can schedule a program, such as one whose block has no axes.
    """
    from tvm import relax
    from tvm.s_tir.dlight import gpu

    rules = (gpu.GEMV(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Transpose(), gpu.Fallback())
    with webgpu_target():
        fused = relax.get_pipeline("zero")(mod)
    return apply_rules(fused, rules, webgpu_target(), "scheduled_model")


@takes("IRModule")
def compile_model(
    mod: "tvm.IRModule",
    name: str,
    *,
    entry: str = "main",
    features: Sequence[str] = (),
    ranges: Mapping[str, tuple[int, int]] | None = None,
    state: Sequence[str] = (),
) -> Artefact:
    """The artefact of a scheduled model.

    Args:
        mod: what ``scheduled_model`` returns: a Relax function of ``call_tir`` calls, its weights bound as constants.
        name: what a reader sees.
        entry: the Relax function; it returns a tensor, or a tuple of tensors.
        features, ranges: as for ``compile_kernels``. The range of a state holds before and after each run.
        state: names of inputs that programs write in place (``R.call_tir_inplace``). They begin as zeros and keep what a run
            leaves in them for the next, such as a cache.

    Raises:
        Unsupported: naming the construct: a symbolic shape, a library call, an operator that is not lowered, a branch, an
            index that may be out of bounds, an input that is written and no state, a state that may leave its range.
    """
    from tvm.ir.transform import Sequential
    from tvm.relax import transform

    # A copy of a state must stay one: as another view of it, it would change with the state.
    views = [] if state else [transform.RewriteDataflowReshape()]
    steps = [
        *views, transform.ToNonDataflow(), transform.RemovePurityChecking(), transform.CallTIRRewrite(),
        transform.StaticPlanBlockMemory(),
    ]  # fmt: skip
    with webgpu_target():
        planned = Sequential(steps)(mod)
    graph = _Graph(planned, entry, ranges or {})
    graph.read(state)
    kernels, launches = numbered(graph.calls, graph.bound)
    needed = needed_features(kernels, features)
    weights = b"".join(graph.constants)
    storages, tensors = used_storages(graph.storages, graph.tensors)
    return Artefact(name, storages, tensors, kernels, launches, needed, weights)


def used_storages(storages: Sequence[int], tensors: Sequence[Tensor]) -> tuple[tuple[int, ...], tuple[Tensor, ...]]:
    """The storages that some tensor lies in, and the tensors with the new numbers of theirs."""
    used = sorted({tensor.storage for tensor in tensors})
    moved = tuple(replace(tensor, storage=used.index(tensor.storage)) for tensor in tensors)
    return tuple(storages[number] for number in used), moved


class _Graph:
    """Reads a lowered Relax function binding by binding."""

    def __init__(self, mod: "tvm.IRModule", entry: str, ranges: Mapping[str, tuple[int, int]]):
        self._mod, self._entry, self._stated = mod, entry, ranges
        self.storages: list[int] = []
        self.tensors: list[Tensor] = []
        self._ranges = ModelRanges(entry, self.tensors)
        self.constants: list[bytes] = []
        self.calls: list[Call] = []
        self.bound: list[list[int]] = []  # for each call, the tensors of its program's buffers
        self._values: dict[Any, int] = {}  # a variable or constant: its tensor, or its storage
        self._tuples: dict[Any, list[Any]] = {}
        self._writes: dict[int, int] = {}  # how many programs wrote a tensor so far
        self._seen: dict[int, int] = {}  # for a view, how many had when it was made

    def read(self, state: Sequence[str]) -> None:
        function = self._mod[self._entry]
        names = [parameter.name for parameter in function.params]
        if foreign := [name for name in state if name not in names]:
            got = Text(f"the state {foreign[0]!r}", f"状态 {foreign[0]!r}")
            raise self._refused(got, listed(names) if names else _NO_INPUTS, NAME_ONE)
        for parameter in function.params:
            role: Role = "state" if parameter.name in state else "input"
            self._values[parameter] = self._add(parameter.name, parameter.ty, role)
        self._ranges.state(self._stated)
        body = function.body
        for block in body.blocks:
            for binding in block.bindings:
                self._bind(binding.var, getattr(binding, "value", None))
        for number, span in self._ranges.known.items():
            if self.tensors[number].role in ("input", "state"):
                self.tensors[number] = replace(self.tensors[number], range=span)
        for result in self._results(body.body):
            if (tensor := self.tensors[result]).role in ("input", "constant"):
                got = _RETURNED.format(role=_ROLES[tensor.role], name=tensor.name)
                raise self._refused(got, _COMPUTED, Text("copy it in a program", "请用一个程序复制它"))
            if tensor.role != "state":
                self.tensors[result] = replace(tensor, role="output", range=None)
        self._refuse_states_that_nothing_writes()

    def _results(self, value: Any) -> list[int]:
        fields = getattr(value, "fields", None) or self._tuples.get(value, [value])
        return [self._tensor(each) for each in fields]

    def _refuse_states_that_nothing_writes(self) -> None:
        for number, tensor in enumerate(self.tensors):
            if tensor.role == "state" and number not in self._writes:
                got = Text(f"the state {tensor.name}, which nothing writes", f"状态 {tensor.name}，没有程序写入它")
                raise self._refused(got, _PLAIN_INPUT, Text("leave it out of state", "请不要把它列入 state"))

    def _add(self, name: str, ty: Any, role: Role, storage: int | None = None) -> int:
        buffer = checked_type(name, ty, function(self._entry, Text(f"value {name}", f"值 {name}")))
        tensor = Tensor(name, buffer.shape, buffer.dtype, role, len(self.storages) if storage is None else storage)
        size = (tensor.bytes + 3) // 4 * 4
        if storage is None:
            self.storages.append(size)
        else:  # TVM plans a byte for each bool and int8, which take words here
            self.storages[storage] = max(self.storages[storage], size)
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def _tensor(self, value: Any) -> int:
        if value in self._values:
            self._require_unchanged(self._values[value])
            return self._values[value]
        if type(value).__name__ != "GenericConst":
            raise self._refused(Text(f"the value {value}", f"值 {value}"), _TENSORS, _TENSORS_ALONE)
        name = f"constant {len(self.constants)}"
        self._values[value] = self._add(name, value.ty, "constant")
        self.constants.append(self._words(name, value.value.numpy()).tobytes())
        return self._values[value]

    def _require_unchanged(self, number: int) -> None:
        """Refuse a view of what a program has written since: it would show the new values in place of the old ones."""
        original = self._ranges.original(number)
        if self._seen.get(number, 0) != self._writes.get(original, 0) and original != number:
            got = _OLD_VIEW.format(view=self.tensors[number].name, tensor=self.tensors[original].name)
            raise self._refused(
                got, _NEW_VIEW, Text("copy it in a program (call_tir)", "请用一个程序复制它（call_tir）")
            )

    def _words(self, name: str, array: np.ndarray) -> np.ndarray:
        """A constant as it lies on the device; what it holds is noted."""
        dtype = str(array.dtype)
        if dtype in limits.VALUES and dtype != "bool":
            span, allowed = (int(array.min()), int(array.max())), limits.VALUES[dtype]
            if not allowed[0] <= span[0] <= span[1] <= allowed[1]:
                got = Text("{name} of {dtype} with values {span}", "{dtype} 的 {name}，其值为 {span}")
                got = got.format(name=name, dtype=dtype, span=in_words(*span))
                raise self._refused(got, in_words(*allowed), Text("use smaller numbers", "请使用更小的数"))
            self._ranges.known[len(self.tensors) - 1] = span
        return array.astype(limits.HELD.get(dtype, dtype))

    def _bind(self, variable: Any, value: Any) -> None:
        op = getattr(value, "op", None)
        name = str(getattr(op, "name", getattr(op, "global_symbol", type(value).__name__)))
        if name == "relax.memory.alloc_storage":
            self._values[variable] = len(self.storages)
            self.storages.append((int(value.args[0].values[0]) + 3) // 4 * 4)
        elif name == "relax.memory.alloc_tensor":
            # What is in a tensor of integers may be a place: no other tensor's values may lie there.
            storage = None if str(variable.ty.dtype) in limits.VALUES else self._values[value.args[0]]
            self._values[variable] = self._add(variable.name, variable.ty, "temporary", storage)
        elif name == "relax.builtin.alloc_tensor":
            self._values[variable] = self._add(variable.name, variable.ty, "temporary")
        elif name == "relax.reshape":
            storage = self.tensors[self._tensor(value.args[0])].storage
            self._values[variable] = self._add(variable.name, variable.ty, "temporary", storage)
            source = self._tensor(value.args[0])
            self._ranges.alias(self._values[variable], source)
            self._seen[self._values[variable]] = self._writes.get(self._ranges.original(source), 0)
        elif type(value).__name__ == "Call" and type(value.op).__name__ == "GlobalVar":
            self._call(value.op.name_hint, [self._tensor(argument) for argument in value.args])
        elif value in self._values:
            self._values[variable] = self._values[value]
        elif type(value).__name__ == "Tuple":
            self._tuples[variable] = list(value.fields)
        else:
            raise self._refused(
                name, _CALLS, Text("legalize and fuse first (scheduled_model)", "请先合法化并融合（scheduled_model）")
            )

    def _call(self, name: str, arguments: list[int]) -> None:
        lowered = lower(self._mod, name, self._ranges.of(self._mod[name].params, arguments))
        for argument in (arguments[i] for i in sorted(lowered.written()) if i < lowered.parameters):
            number = self._ranges.original(argument)
            self._writes[number] = self._writes.get(number, 0) + 1
            self._seen[argument] = self._writes[number]  # what is written through a view is seen in it
            if (tensor := self.tensors[number]).role not in ("temporary", "state"):
                raise self._overwrites(name, tensor)
        self._ranges.note(name, arguments, lowered)
        temporaries = lowered.buffers[lowered.parameters :]
        for buffer in temporaries:
            self.storages.append((buffer.bytes + 3) // 4 * 4)
            self.tensors.append(Tensor(buffer.name, buffer.shape, buffer.dtype, "temporary", len(self.storages) - 1))
        every = [*arguments, *range(len(self.tensors) - len(temporaries), len(self.tensors))]
        self.calls += lowered.calls
        self.bound += [every] * len(lowered.calls)

    def _overwrites(self, name: str, tensor: Tensor) -> Unsupported:
        got = Text("{name}, which writes the {role} {tensor}", "{name}，它会写入{role} {tensor}")
        allowed = Text("programs that write results of their own", "只写自己结果的程序")
        then = Text(
            "let it return a new tensor (call_tir), or name an input that keeps what is written in state",
            "请让它返回新的张量（call_tir）；若输入要保留写入的内容，请把它列入 state",
        )
        return self._refused(got.format(name=name, role=_ROLES[tensor.role], tensor=tensor.name), allowed, then)

    def _refused(self, got: Text | str, allowed: Text, then: Text) -> Unsupported:
        return unsupported(function(self._entry), got, allowed, then)
