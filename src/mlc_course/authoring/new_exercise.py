"""``mlc new exercise``: the files of one more item of an exercise set, ready to be filled in.

The new item runs as it is: a placeholder task, its solution, a check for each part, one right and one wrong answer. What
is left to write is marked ``WRITE:``; ``mlc lint`` lists it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import get_args

from mlc_course.authoring import package_map
from mlc_course.authoring.lint.exercises import ANSWERS
from mlc_course.content.exercise_items import exercise_items
from mlc_ref.checks.task import Kind

TEMPLATES = Path(__file__).with_name("templates")
NAME = re.compile(r"[a-z][a-z0-9_]*")


class CannotMake(ValueError):
    """What was asked for cannot be made; one sentence says why and what to do. Nothing was written."""


@dataclass(frozen=True)
class PlannedPart:
    """Name and points of one part of a new item."""

    name: str
    points: int


def parse_parts(text: str) -> list[PlannedPart]:
    """Parts from ``name:points,name:points``.

    Raises:
        CannotMake: another form, points that are no positive number, or a name twice.
    """
    parts = []
    for entry in text.split(","):
        name, _, points = entry.strip().partition(":")
        if not NAME.fullmatch(name) or not points.isdigit() or int(points) < 1:
            raise CannotMake(f"parts: got {entry.strip()!r}, expected name:points, such as numbers:2,input:1")
        parts.append(PlannedPart(name, int(points)))
    if len({part.name for part in parts}) != len(parts):
        raise CannotMake(f"parts: got {text!r}, in which a name stands twice")
    return parts


def new_exercise(root: Path, stem: str, item: str, kind: str, parts: list[PlannedPart]) -> list[Path]:
    """Write the files of a new item and return them.

    Args:
        item: name of the item, letters, digits and ``_``; also of its check file.
        kind: ``program``, ``value``, ``module`` or ``trace``.

    Raises:
        CannotMake: there is no such set, the item exists, or a name or kind is not allowed.
    """
    folder = root / "exercises" / stem
    if not (folder / "exercise.md").is_file():
        raise CannotMake(f"there is no exercise set {stem!r}; make its topic first: mlc new topic {stem} --after TOPIC")
    if not NAME.fullmatch(item) or item == "shared":
        raise CannotMake(f"item: got {item!r}, allowed are lower-case letters, digits and _, and not 'shared'")
    if kind not in get_args(Kind):
        raise CannotMake(f"kind: got {kind!r}, allowed are {', '.join(get_args(Kind))}")
    items = [name for name, _ in exercise_items(stem, root)]
    if item in items or (folder / "checks" / f"{item}.py").exists():
        raise CannotMake(f"the set {stem!r} has an item {item!r} already")
    names = {"stem": stem, "item": item, "number": str(len(items) + 1), "points": str(sum(p.points for p in parts))}
    written = [_append_prompt(folder / "exercise.md", kind, parts, names), _write_checks(folder, kind, parts, names)]
    if kind in ("trace", "module"):
        written.append(_write_inputs(root / "src" / "mlc_ref" / stem / "exercise_inputs.py", names))
        written.append(package_map.update(root))
    written += _write_answers(root / ANSWERS / stem / item, kind, parts, names)
    return written


def _append_prompt(path: Path, kind: str, parts: list[PlannedPart], names: dict[str, str]) -> Path:
    solution = Template(_SOLUTIONS[kind]).substitute(names).strip("\n")
    text = Template((TEMPLATES / "item.md").read_text("utf-8")).substitute(
        names,
        answer=solution,
        expression="sch" if kind == "trace" else names["item"],
        parts_en="\n".join(f"- **{part.name}** ({part.points})" for part in parts),
        parts_zh="\n".join(f"- **{part.name}**（{part.points} 分）" for part in parts),
    )
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + text, "utf-8")
    return path


def _write_checks(folder: Path, kind: str, parts: list[PlannedPart], names: dict[str, str]) -> Path:
    path = folder / "checks" / f"{names['item']}.py"
    head = Template(_CHECK_HEADS[kind]).substitute(names)
    blocks = [Template(_PARTS[kind]).substitute(names, part=part.name, part_points=part.points) for part in parts]
    path.write_text(head + "".join(blocks), "utf-8")
    return path


def _write_inputs(path: Path, names: dict[str, str]) -> Path:
    """Add the module an item begins with; learners and checks import it from the same place."""
    before = path.read_text("utf-8").rstrip("\n") + "\n" if path.is_file() else Template(_INPUTS_HEAD).substitute(names)
    path.write_text(before + Template(_INPUT).substitute(names), "utf-8")
    return path


def _write_answers(folder: Path, kind: str, parts: list[PlannedPart], names: dict[str, str]) -> list[Path]:
    folder.mkdir(parents=True)
    right, wrong = (Template(text).substitute(names).strip("\n") for text in _ANSWERS[kind])
    lost = ", ".join(part.name for part in parts)
    contents = {
        "another_style.py": f"# WRITE: what is unusual about this right answer.\n# earns: all\n{right}\n",
        "wrong.py": f"# WRITE: the mistake; one file for each likely one.\n# loses: {lost}\n{wrong}\n",
    }
    for name, text in contents.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in contents]


def _solved(lines: str, indent: str = "") -> str:
    return f"{indent}### BEGIN SOLUTION\n{lines}\n{indent}### END SOLUTION\n"


_IMPORTS = "import tvm\nfrom tvm import te\nfrom tvm.s_tir import Schedule\nfrom mlc_ref.$stem.exercise_inputs import ${item}_module\n\n"
_SOLUTIONS = {
    "program": "def $item(x):\n" + _solved("    return x + x", "    "),
    "value": _solved("$item = 42"),
    "module": _IMPORTS + _solved("$item = ${item}_module()"),
    "trace": _IMPORTS + _solved('sch = Schedule(${item}_module())\nsch.parallel(sch.get_loops("B")[0])'),
}
_ANSWERS = {
    "program": ("def $item(x):\n    return np.add(x, x)", "def $item(x):\n    return x + x + 1"),
    "value": ("$item = 6 * 7", "$item = 41"),
    "module": (
        _IMPORTS + "$item = tvm.IRModule(dict(${item}_module().functions))",
        _IMPORTS + 'a = te.placeholder((60,), "float32", name="A")\n'
        'b = te.compute((60,), lambda i: a[i] * 3.0, name="B")\n$item = tvm.IRModule({"main": te.create_prim_func([a, b])})',
    ),
    "trace": (
        _IMPORTS + 'sch = Schedule(${item}_module())\n(loop,) = sch.get_loops(sch.get_sblock("B"))\nsch.parallel(loop)',
        _IMPORTS + "sch = Schedule(${item}_module())",
    ),
}
_INPUTS_HEAD = '''\
"""Modules the exercises of the topic $stem begin with."""

import tvm
from tvm import te
'''
_INPUT = '''

def ${item}_module() -> tvm.IRModule:
    """``B[i] = 2 * A[i]``, 60 float32 elements. WRITE: the module this exercise begins with."""
    a = te.placeholder((60,), "float32", name="A")
    b = te.compute((60,), lambda i: a[i] * 2.0, name="B")
    return tvm.IRModule({"main": te.create_prim_func([a, b])})
'''
_TASK = """
$item = Task("$item", kind="{kind}", title=Text("WRITE: title", "WRITE: 标题"){more})
"""
_HEAD = '"""Checks of the item ``$item``: WRITE: what it asks for."""\n\n'
_FROM = "from mlc_ref.checks import Task, {predicate}\nfrom mlc_ref.language import Text\n"
_CHECK_HEADS = {
    "program": _HEAD + _FROM.format(predicate="arrays_match") + _TASK.format(kind="program", more=""),
    "value": _HEAD + _FROM.format(predicate="equal_value") + _TASK.format(kind="value", more=""),
    "module": _HEAD + _FROM.format(predicate="arrays_match") + _TASK.format(kind="module", more=""),
    "trace": _HEAD
    + _FROM.format(predicate="require")
    + "from mlc_ref.$stem.exercise_inputs import ${item}_module\n"
    + _TASK.format(kind="trace", more=", module=${item}_module"),
}
_DECORATOR = '\n\n@$item.{stage}("$part", points=$part_points, title=Text("$part", "$part"))\ndef $part({arguments}):\n    # WRITE: what this part demands.\n'
_PARTS = {
    "program": _DECORATOR.format(stage="run", arguments="call, rng")
    + '    x = rng.random(int(rng.integers(1, 500)), dtype="float32")\n    arrays_match(call(x), 2 * x)\n',
    "value": _DECORATOR.format(stage="inspect", arguments="answer") + "    equal_value(answer, 42)\n",
    "module": _DECORATOR.format(stage="run", arguments="call, rng")
    + '    x = rng.random(60, dtype="float32")\n    arrays_match(call(x, out=[((60,), "float32")]), 2 * x)\n',
    "trace": _DECORATOR.format(stage="inspect", arguments="sch")
    + '    parallel = "T.parallel" in sch.mod.script()\n'
    + '    require(parallel, expected=Text("a parallel loop", "一个并行循环"), found=Text("none", "没有"))\n',
}
