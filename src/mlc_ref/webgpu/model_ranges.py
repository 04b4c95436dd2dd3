"""What the tensors of integers in a model can hold: stated for its inputs, proved for what its programs compute."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlc_ref.language import Text
from mlc_ref.webgpu import limits
from mlc_ref.webgpu.index_ranges import NAME_ONE, range_of, whole
from mlc_ref.webgpu.refusals import function, listed, span, unsupported

if TYPE_CHECKING:
    from mlc_ref.webgpu.artefact import Tensor
    from mlc_ref.webgpu.lowering import Lowered
    from mlc_ref.webgpu.spans import Span

_NO_INTEGERS = Text("none: the model has no input of integers", "空的取值范围，因为该模型没有整数输入")
_STATE_OR_CLIP = Text(
    "state the ranges of the inputs, or clip the index in the model", "请写明输入的取值范围，或在模型中把下标限制在界内"
)
_WITH_ZERO = Text("one with 0, as states begin with it", "包含 0 的取值范围，因为状态的初始值是 0")
_WIDEN = Text("state a range with 0", "请写明包含 0 的取值范围")
_RANGE = Text("the range {span} of the state {state}", "状态 {state} 的取值范围 {span}")
_PLACES = Text(
    "{tensor} with values {span}, which {name} takes as numbers of places",
    "{tensor}，其值为 {span}，而 {name} 把它们当作位置的编号",
)
_LEAVES = Text(
    "{name}, which may leave {span} in the state {state}",
    "{name}，它可能在状态 {state} 中留下 {span}",
)
_CLIP_STORED = Text("clip what is stored", "请限制存入的值")


class ModelRanges:
    """The least and the greatest value of each tensor of integers, while a model is read program by program.

    Attributes:
        known: by the number of the tensor; one that is not in it may hold all of its type.

    Args:
        entry: the Relax function, for messages.
        tensors: the model's, which grow while it is read.
    """

    def __init__(self, entry: str, tensors: "Sequence[Tensor]"):
        self.known: dict[int, Span] = {}
        self._entry, self._tensors = entry, tensors
        self._stated: set[int] = set()
        self._anything: set[int] = set()  # tensors of which it is not known what was written to them
        self._same: dict[int, int] = {}  # tensors that are others in another shape

    def state(self, ranges: "Mapping[str, Span]") -> None:
        """Take the ranges that were stated for inputs and states, which are all the tensors there are by now.

        Raises:
            Unsupported: a name of none of them, no range, or one of a state that does not hold the 0 it begins with.
        """
        numbers = {tensor.name: i for i, tensor in enumerate(self._tensors) if tensor.dtype in limits.VALUES}
        for name, stated in ranges.items():
            if name not in numbers:
                allowed = listed(list(numbers)) if numbers else _NO_INTEGERS
                raise unsupported(function(self._entry, Text.code("ranges")), repr(name), allowed, NAME_ONE)
            least, most = self.known[numbers[name]] = whole(stated, function(self._entry, range_of(name)))
            self._stated.add(numbers[name])
            if self._tensors[numbers[name]].role == "state" and not least <= 0 <= most:
                got = _RANGE.format(span=span(least, most), state=name)
                raise unsupported(function(self._entry), got, _WITH_ZERO, _WIDEN)

    def alias(self, number: int, other: int) -> None:
        """Note that a tensor is another in another shape."""
        self._same[number] = other

    def original(self, number: int) -> int:
        """The tensor that one is a reshaped view of, or itself."""
        while number in self._same:
            number = self._same[number]
        return number

    def of(self, parameters: Sequence[Any], arguments: Sequence[int]) -> "dict[str, Span]":
        """What is known of a program's parameters; of the model's inputs only what was stated or int64 needs."""
        known = {}
        for parameter, number in zip(parameters, map(self.original, arguments), strict=True):
            tensor = self._tensors[number]
            free = tensor.role == "input" and number not in self._stated and tensor.dtype != "int64"
            if number in self.known and tensor.dtype in limits.VALUES and tensor.dtype != "bool" and not free:
                known[parameter.name] = self.known[number]
        return known

    def note(self, name: str, arguments: Sequence[int], lowered: "Lowered") -> None:
        """Note what a program asks of the model's inputs and what it computes.

        Raises:
            Unsupported: it asks something of what another program computes, which is not known to keep to it, or may leave a
                state outside of its range.
        """
        for i, (least, most) in lowered.ranges.items():
            number = self.original(arguments[i])
            low, high = self.known.get(number, limits.VALUES[self._tensors[number].dtype])
            if self._tensors[number].role != "input" and not least <= low <= high <= most:
                got = _PLACES.format(tensor=self._tensors[number].name, span=span(low, high), name=name)
                raise unsupported(function(self._entry), got, span(least, most), _STATE_OR_CLIP)
            self.known[number] = (max(low, least), min(high, most))
        for i in sorted(lowered.written()):
            if i < lowered.parameters:
                self._note_written(name, self.original(arguments[i]), lowered.made.get(i))

    def _note_written(self, name: str, number: int, made: "Span | None") -> None:
        """``made`` is None where it is not known what was written, as under another name of the buffer."""
        tensor = self._tensors[number]
        if tensor.dtype not in limits.VALUES:
            return
        written = made or limits.VALUES[tensor.dtype]
        if tensor.role == "state":
            self._require_kept(name, number, written)
        elif made is None:
            self._anything.add(number)
            self.known.pop(number, None)
        elif number not in self._anything:
            # Nobody says that all of it is written. The rest holds what other programs left there, or the zeros of a new buffer:
            # tensors of integers have storages of their own.
            low, high = self.known.get(number, (0, 0))
            self.known[number] = (min(low, written[0]), max(high, written[1]))

    def _require_kept(self, name: str, number: int, written: "Span") -> None:
        low, high = self.known.get(number, written)
        if not low <= written[0] <= written[1] <= high:
            got = _LEAVES.format(name=name, span=span(*written), state=self._tensors[number].name)
            raise unsupported(function(self._entry), got, span(low, high), _CLIP_STORED)
