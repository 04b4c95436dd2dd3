"""The graph explorer: a Relax module, or a pipeline of passes step by step, as a graph that folds and unfolds."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from mlc_ref.kinds import invalid, require_kind
from mlc_ref.language import Text
from mlc_ref.viz.graph_data import Node, differences, functions_of, paths
from mlc_ref.viz.widget import Widget, both

if TYPE_CHECKING:
    import tvm

GIVEN = Text("as given", "原样")
_CONTROLS, _BOX, _TEXT, _MOST = 90, 58, 18, 900
Steps = Sequence[tuple[Text | str, "tvm.IRModule"]] | Mapping[str, "tvm.IRModule"]


def explore_graph(
    subject: "tvm.IRModule | Steps", *passes: "tvm.ir.transform.Pass", entry: str = "main", unfolded: Sequence[str] = ()
) -> Widget:
    """A Relax module as a graph; with several steps, what each of them changed.

    Args:
        subject: a module, or steps: pairs of a title and a module, or a mapping from titles to modules.
        passes: applied one after the other, each a step under its name; a ``Sequential`` is taken apart.
        entry: the Relax function that is drawn; the functions it calls unfold in their place.
        unfolded: names of functions that are unfolded from the beginning.

    Raises:
        TypeError: neither a module nor steps.
        ValueError: there is no step, or a step has no Relax function ``entry``.
    """
    steps = [*_given(subject)]
    for one in _single(passes):
        steps.append((str(one.info.name), one(steps[-1][1])))
    if not steps:
        raise invalid(
            "subject: got no step, at least one module is needed", "subject：没有得到任何步骤，至少需要一个模块"
        )
    modules = [_checked(module, title, entry) for title, module in steps]
    pool: list[Node] = []
    found = [_step(title, functions, pool) for (title, _), functions in zip(steps, modules, strict=True)]
    for step, before, after in zip(found[1:], modules, modules[1:], strict=False):
        step["gone"], step["new"] = _changes(before, after)
    data = {"entry": entry, "open": [*unfolded], "functions": pool, "steps": found}
    shown = modules[min(1, len(modules) - 1)]
    height = _CONTROLS * (1 + (len(steps) > 1)) + _height(shown[entry]["nodes"], shown, unfolded)
    return Widget("graph", data, _fallback(steps, modules, entry), height=min(height, _MOST))


def _given(subject: "tvm.IRModule | Steps") -> list[tuple[Text | str, "tvm.IRModule"]]:
    if not isinstance(subject, Mapping | Sequence):
        require_kind("subject", subject, "IRModule")
        return [(GIVEN, subject)]
    pairs = list(subject.items()) if isinstance(subject, Mapping) else list(subject)
    return [(title or GIVEN, module) for title, module in pairs]


def _single(passes: Sequence["tvm.ir.transform.Pass"]) -> Iterator["tvm.ir.transform.Pass"]:
    from tvm.ir.transform import Sequential

    for one in passes:
        if isinstance(one, Sequential):
            yield from _single(one.passes)
        else:
            yield one


def _checked(module: "tvm.IRModule", title: Text | str, entry: str) -> dict[str, Node]:
    functions = functions_of(module)
    if "nodes" not in functions.get(entry, {}):
        there = ", ".join(sorted(name for name, each in functions.items() if "nodes" in each))
        step = title if isinstance(title, Text) else Text.code(title)
        raise invalid(
            f"entry: got {entry!r}, Relax functions of the step {step.en!r} are: {there or 'none'}",
            f"entry：得到 {entry!r}，步骤 {step.zh!r} 的 Relax 函数有：{there or '（没有）'}",
        )
    return functions


def _step(title: Text | str, functions: dict[str, Node], pool: list[Node]) -> dict[str, Any]:
    """A step's title and the places of its functions in the pool, in which equal functions stand once."""
    uses = {}
    for name, function in functions.items():
        if function not in pool:
            pool.append(function)
        uses[name] = pool.index(function)
    return {"title": title, "uses": uses}


def _changes(before: dict[str, Node], after: dict[str, Node]) -> tuple[dict[str, list], dict[str, list]]:
    """For each function that is not the same in both, the paths or lines that went and that came."""
    gone: dict[str, list] = {}
    new: dict[str, list] = {}
    for name in sorted(before.keys() | after.keys()):
        old, now = before.get(name), after.get(name)
        if old == now:
            continue
        lost, came = differences(old, now)
        if old is not None:
            gone[name] = lost
        if now is not None:
            new[name] = came
    return gone, new


def _height(nodes: list[Node], functions: dict[str, Node], unfolded: Sequence[str]) -> int:
    """About how many pixels a level takes, its nodes one below the other."""
    total = 0
    for node in nodes:
        texts = sum(isinstance(each, str) for each in node["args"]) + bool(node.get("value"))
        callee = functions.get(node.get("name", ""), {}) if node.get("name") in unfolded else {}
        inner: list[Node] = node.get("nodes") or callee.get("nodes") or []
        total += _BOX + _TEXT * (texts + len(callee.get("lines", ()))) + _height(inner, functions, unfolded)
    return total


def _fallback(
    steps: Sequence[tuple[Text | str, "tvm.IRModule"]], modules: Sequence[dict[str, Node]], entry: str
) -> str:
    """Every step as a list of its calls."""
    parts = []
    for (title, _), functions in zip(steps, modules, strict=True):
        if len(steps) > 1:
            parts.append(f"<p><strong>{both(title)}</strong></p>")
        function = functions[entry]
        head = f"{entry}({', '.join(function['params'])})"
        lines = [head, *(f"  {line}" for line in _lines(function["nodes"]))]
        parts.append(f'<pre tabindex="0">{escape(chr(10).join(lines))}</pre>')
    return "".join(parts)


def _lines(nodes: list[Node]) -> list[str]:
    """One line a call: what it makes, what is called, and on what."""
    lines: list[str] = []
    for node in nodes:
        if node["kind"] == "block":
            lines += _lines(node["nodes"])
        elif node["kind"] == "result":
            lines.append(f"return {node['name']}")
        elif node["kind"] != "input":
            sources = [each if isinstance(each, str) else _source(nodes[each]) for each in node["args"]]
            lines.append(f"{node.get('value') or '_'} = {node['name']}({', '.join(sources)})")
    return lines


def _source(node: Node) -> str:
    """The name of the value a node makes, without its shape."""
    if node["kind"] == "block":
        return " / ".join(_source(inner) for _, inner in paths(node["nodes"]) if inner.get("out"))
    return str(node.get("value") or node["name"]).partition(" ")[0]
