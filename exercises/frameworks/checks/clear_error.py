"""Checks of the item ``clear_error``: a clear error."""

import re

from mlc_ref.checks import Task, require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

from .shared import _network, _node, _v

# A clear error.

clear_error = Task("clear_error", kind="program", title=Text("A clear error", "清楚的报错"))


_UNKNOWN = ["erf.default", "cumsum.default", "roll.default", "tanh.default"]


_NEARLY_KNOWN = ["add.Scalar", "relu6.default", "linear_.default"]  # not in the list, though they look like it


_KNOWN = ["aten.add.Tensor", "aten.linear.default", "aten.relu.default"]


_ONE_TEXT = Text(
    'Always return one text: "\\n".join(lines), which is "" for no lines.',
    '总是返回一个文本："\\n".join(lines)，没有行时就是 ""。',
)


def _gappy(rng):
    """A chain with known and unknown operators, and the places of the unknown ones in order of first use."""
    names = [*rng.permutation(_UNKNOWN)[: rng.integers(1, 5)], rng.choice(_NEARLY_KNOWN)]
    unknown = [f"aten.{name}" for name in rng.permutation(names)]
    order = [unknown[0], "aten.relu.default", *unknown[1:], "aten.add.Tensor", *rng.choice(unknown, size=4)]
    order[3:] = list(rng.permutation([*order[3:], unknown[0]]))
    places: dict[str, list[tuple[str, str]]] = {}
    steps, value = [], "x"
    for number, operator in enumerate(order):
        name = f"n{number}_{int(rng.integers(10, 99))}"
        module = f"block.{int(rng.integers(10, 99))}.part{number}" if number % 3 else ""
        steps.append(_node(name, str(operator)[5:], _v(value), module=module))
        value = name
        if operator in unknown:
            places.setdefault(str(operator), []).append((name, module))
    return _network((2, 3), *steps), places


def _lines(call, network, supported) -> list[str]:
    """The lines of the answer that say something."""
    text = call(network, supported)
    require(type(text) is str, expected=Text("text", "文本"), found=type(text).__name__, hint=_ONE_TEXT)
    return [line for line in text.splitlines() if line.strip()]


def _names(line: str, name: str) -> bool:
    """Whether a line holds a name, whatever stands around it: a Chinese word, a path, punctuation."""
    return bool(re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", line))


def _operators(line: str) -> list[str]:
    """The ``aten.`` operators a line names, each once."""
    return sorted({found.rstrip(".") for found in re.findall(r"aten\.[A-Za-z0-9_.]+", line)})


def _mentions(line: str, words: set[str]) -> list[str]:
    """The words a line holds, in the order in which they first stand there."""
    first = {word: re.search(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", line) for word in words}
    return [word for word, found in sorted(first.items(), key=lambda each: each[1].start() if each[1] else -1) if found]


def _belong(mentioned: list[str], uses: list[tuple[str, str]]) -> bool:
    """Whether node and module stand together, use after use, or all nodes first and then their modules."""
    module_of = dict(uses)
    nodes_first = [word for word in mentioned if word in module_of]
    modules = [word for word in mentioned if word not in module_of]
    in_order = modules == [module_of[node] for node in nodes_first if module_of[node]]
    together = all(
        not module_of[node] or abs(mentioned.index(node) - mentioned.index(module_of[node])) == 1
        for node in nodes_first
    )
    apart = mentioned in ([*nodes_first, *modules], [*modules, *nodes_first])
    return in_order and (together or apart)


@clear_error.run("nothing", points=1, title=Text("silent only when nothing is missing", "什么都不缺时才不说话"))
def _(call, rng):
    network, places = _gappy(rng)
    text = call(network, [*_KNOWN, *places])
    require(
        text == "",
        expected=Text("empty text: every operator is supported", "空文本：所有算子都支持"),
        found=repr(text)[:80],
        hint=_ONE_TEXT,
    )
    lines = _lines(call, network, _KNOWN)
    require(
        bool(lines),
        expected=Text("some text: operators are missing", "有内容：缺少算子"),
        found=Text("none", "无"),
        hint=Text("Which operators of the nodes are not in the list?", "节点用到的算子，哪些不在列表里？"),
    )


@clear_error.run("operators", points=2, title=Text("one line for each operator", "每个算子一行"))
def _(call, rng):
    for _ in range(3):
        network, places = _gappy(rng)
        lines = _lines(call, network, _KNOWN)
        found = [" ".join(_operators(line)) for line in lines]
        shown = [names or f"({line[:40]})" for names, line in zip(found, lines, strict=True)]
        hint = Text(
            "One line for each operator and none besides, in the order of first use.",
            "每个算子一行，此外没有别的行，按首次使用的顺序。",
        )
        require(found == list(places), expected=listing(list(places)), found=listing(shown), hint=hint)


@clear_error.run("places", points=2, title=Text("every place of use", "每个使用之处"))
def _(call, rng):
    for _ in range(3):
        network, places = _gappy(rng)
        lines = _lines(call, network, _KNOWN)
        names = {each for node in network["nodes"] for each in (node["name"], node["module"]) if each}
        hint = Text(
            "The line of an operator names each node that uses it and the node's module, and no other node.",
            "算子的那一行写出每个使用它的节点和该节点的模块，不写别的节点。",
        )
        for operator, uses in places.items():
            about = [line for line in lines if _names(line, operator)]
            wanted = {word for use in uses for word in use if word}
            found = _mentions(" ".join(about), names)
            shown = listing(sorted(wanted)), listing(sorted(found))
            require(set(found) == wanted, expected=shown[0], found=shown[1], where=operator, hint=hint)
            pairs = listing([f"{name} – {module}" for name, module in uses if module])
            together = Text("Write the module of a node next to that node.", "节点的模块写在该节点旁边。")
            require(_belong(found, uses), expected=pairs, found=listing(found), where=operator, hint=together)
