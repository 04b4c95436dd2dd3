"""An exercise item as a list of parts with points, and the report of judging it.

A task says *what* is judged, never *where* the answer runs. Two stages keep that apart:

* ``inspect`` parts look at the answer as data: a value, an ``IRModule``, a replayed ``Schedule``;
* ``run`` parts see only a ``call``, which runs the answer on given inputs and returns arrays. A
  learner's ``call`` runs here; a grader's runs in another process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal, Protocol, get_args

from mlc_ref.language import Language, Text

Kind = Literal["trace", "module", "program", "value"]
Stage = Literal["inspect", "run"]


class Call(Protocol):
    """Runs the answer on given inputs and returns what came out.

    * ``program``: ``call(*inputs)`` returns the function's result (arrays, numbers, or a tuple of
      them); ``call(*inputs, returns="arguments")`` returns the tuple of arguments as they are after
      the call, for functions that write into an array they were given. With ``scalars_only=True`` the
      function is given ``scalars.ScalarArray`` views of the arrays, which refuse whole-array
      operations; what is returned are plain arrays all the same.
    * ``module`` and ``trace``: ``call(*inputs, out=[(shape, dtype), …])`` passes the inputs and then
      fresh output arrays to the function ``entry`` of the compiled module, and returns the outputs
      (a single array when ``out`` has one entry). Without ``out``, a Relax function is called on the
      inputs and its result returned.

    A program may return modules and files. They run elsewhere, on inputs the program never sees:

    * ``call.module(mod, *inputs, out=…, entry=…, libraries={name: function})`` runs a function of a module,
      as above; ``libraries`` are functions of ``mlc_ref`` that the module may call by these names.
    * ``call.library(file, *inputs, entry=…)`` loads a shared library, given as array of bytes, and calls one of
      its Relax functions.
    """

    def __call__(
        self,
        *inputs: Any,
        out: Any = None,
        returns: str = "result",
        entry: str | None = None,
        scalars_only: bool = False,
    ) -> Any: ...


@dataclass(frozen=True)
class Part:
    """One judged part of a task."""

    name: str
    points: int
    title: Text
    stage: Stage
    judge: Callable[..., None] = field(compare=False)


@dataclass
class Task:
    """One exercise item.

    Args:
        name: the item's name, unique in its set; also its nbgrader grade id.
        kind: how the answer travels and what it is (see the design of the course).
        title: what the item is called in tables.
        entry: the function of the answer's module that ``run`` parts call.
        module: for ``trace`` answers, a function returning the module the schedule starts from.
        externs: functions that modules of an answer may call by name, each with the LLVM text that
            defines it and that the module brings along; a grader refuses all others. An empty text is
            for names (``*`` stands for anything) that may stand in a graph which is looked at, never run.
        seed: for ``trace`` answers that sample: parts are given the schedule with its samples drawn anew from this
            seed (1 to 2**31 - 2), so that two equal answers earn the same, whatever each of them drew.

    Use the decorators ``inspect`` and ``run`` to add parts, in the order they are to be reported::

        double = Task("double", kind="program", title=Text("Double an array", "数组加倍"))

        @double.run("numbers", points=2, title=Text("right numbers", "数值正确"))
        def numbers(call, rng):
            x = rng.random(7, dtype="float32")
            arrays_match(call(x), 2 * x)
    """

    name: str
    kind: Kind
    title: Text
    entry: str = "main"
    module: Callable[[], Any] | None = None
    externs: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"task {self.name}: got the kind {self.kind!r}, allowed {', '.join(get_args(Kind))}")
        if self.seed is not None and self.kind != "trace":
            raise ValueError(f"task {self.name}: a seed is for kind 'trace', whose answers may sample, got {self.kind}")
        if (self.kind == "trace") != (self.module is not None):
            raise ValueError(f"task {self.name}: a module is given for kind 'trace' and for no other, got {self.kind}")

    @property
    def points(self) -> int:
        """Points of all parts together."""
        return sum(part.points for part in self.parts)

    def inspect(self, name: str, *, points: int, title: Text) -> Callable[[Callable[[Any], None]], Callable]:
        """Add a part that is given the answer as data: ``judge(answer)``."""
        return self._add(name, points, title, "inspect")

    def run(self, name: str, *, points: int, title: Text) -> Callable[[Callable[[Call, Any], None]], Callable]:
        """Add a part that runs the answer: ``judge(call, rng)``, ``rng`` a ``numpy.random.Generator``."""
        return self._add(name, points, title, "run")

    def _add(self, name: str, points: int, title: Text, stage: Stage) -> Callable[[Callable], Callable]:
        if any(part.name == name for part in self.parts):
            raise ValueError(f"task {self.name}: part {name!r} exists already")
        if points <= 0:
            raise ValueError(f"task {self.name}, part {name}: points must be positive, got {points}")

        def add(judge: Callable[..., None]) -> Callable[..., None]:
            self.parts.append(Part(name, points, title, stage, judge))
            return judge

        return add


@dataclass(frozen=True)
class PartResult:
    """What one part earned, and why not more."""

    name: str
    title: Text
    points: float
    earned: float
    message: Text | None = None
    hint: Text | None = None

    @property
    def passed(self) -> bool:
        return self.earned == self.points


_HEADINGS = [Text("part", "项目"), Text("points", "得分"), Text("result", "结果")]
_PASSED = Text("passed", "通过")
_HINT = Text("Hint: ", "提示：")


@dataclass(frozen=True)
class Report:
    """The results of all parts of a task; shows itself as text and, in a notebook, as a table.

    Attributes:
        seed: of the secret inputs; judging with the same seed repeats them. ``None`` where it is not known.
    """

    name: str
    title: Text
    results: tuple[PartResult, ...]
    language: Language = "en"
    seed: int | None = None

    @property
    def score(self) -> float:
        return round(sum(r.earned for r in self.results), 2)  # a grader may give fractions

    @property
    def points(self) -> float:
        return round(sum(r.points for r in self.results), 2)

    @property
    def passed(self) -> bool:
        return all(r.passed for r in self.results)

    def rows(self) -> list[tuple[str, str, str]]:
        """``(part, points, result)`` of every part in the report's language."""
        return [(r.title.get(self.language), f"{r.earned}/{r.points}", self._outcome(r)) for r in self.results]

    def _outcome(self, result: PartResult) -> str:
        if result.passed:
            return _PASSED.get(self.language)
        texts = [result.message.get(self.language)] if result.message else []
        if result.hint:
            texts.append(_HINT.get(self.language) + result.hint.get(self.language))
        return "\n".join(texts)

    def __str__(self) -> str:
        lines = [f"{self.title.get(self.language)} ({self.name}): {self.score:g}/{self.points:g}"]
        for title, points, outcome in self.rows():
            first, *rest = outcome.splitlines() or [""]
            lines += [f"  [{points}] {title}: {first}", *(f"        {line}" for line in rest)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{h.get(self.language)}</th>" for h in _HEADINGS)
        cells = [[escape(c).replace("\n", "<br>") for c in row] for row in self.rows()]
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align:left">{c}</td>' for c in row) + "</tr>" for row in cells
        )
        caption = f"{escape(self.title.get(self.language))}: {self.score:g}/{self.points:g}"
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
