"""What can be wrong with a kernel, and the sentence that says where."""

from dataclasses import dataclass, replace

from mlc_ref.language import Text, TextError, for_print


class SimulationError(TextError):
    """A kernel cannot run, or must not run as it stands; the message says where.

    ``str`` gives it in the reader's language, whatever ``language`` says.
    """

    def __str__(self) -> str:
        return for_print(self.text)


class Unsupported(SimulationError):
    """The kernel uses a construct the simulator does not know; nothing is skipped silently."""


def unsupported(kernel: str, what: Text, statement: str) -> Unsupported:
    """The error for a construct of a kernel that the simulator does not know."""
    return Unsupported(
        Text(
            "kernel {kernel}: {what} is not supported; statement: {statement}",
            "内核 {kernel}：不支持{what}；语句：{statement}",
        ).format(kernel=kernel, what=what, statement=statement)
    )


class OutOfBounds(SimulationError):
    """A thread accesses an element that its buffer does not have."""


class Misaligned(SimulationError):
    """The address of a vector access is no multiple of its width; a GPU stops with an error."""


class UninitializedRead(SimulationError):
    """A thread uses an element that nothing has written."""


class DataRace(SimulationError):
    """Two threads touch one element, at least one writes, and nothing orders them.

    Attributes:
        accesses: both accesses, without the advice.
        advice: what to do, where a missing barrier is not the reason.
    """

    def __init__(self, accesses: Text, advice: Text | None = None):
        whole = Text("{accesses}. {advice}", "{accesses}。{advice}")
        super().__init__(accesses if advice is None else whole.format(accesses=accesses, advice=advice))
        self.args = (accesses, advice)  # what the class is called with again when another process hands the error on
        self.accesses, self.advice = accesses, advice


class BarrierDivergence(SimulationError):
    """Some threads of a block reach a barrier that others do not."""


class StepLimit(SimulationError):
    """The kernel ran longer, or wants more memory, than the options allow."""


@dataclass(frozen=True)
class Place:
    """One access of one thread.

    Attributes:
        block: ``(x, y, z)`` of the thread's block in the grid.
        thread: ``(x, y, z)`` of the thread in its block.
        index: element of the flattened buffer.
    """

    kernel: str
    block: tuple[int, int, int]
    thread: tuple[int, int, int]
    buffer: str
    index: int
    statement: str

    def at(self, index: int) -> "Place":
        """The same place with another element."""
        return replace(self, index=index)

    @property
    def text(self) -> Text:
        """The place in words."""
        return Text(
            "kernel {kernel}, block {block}, thread {thread}, buffer {buffer}, index {index}, statement: {statement}",
            "内核 {kernel}，线程块 {block}，线程 {thread}，缓冲区 {buffer}，下标 {index}，语句：{statement}",
        ).format(**vars(self))
