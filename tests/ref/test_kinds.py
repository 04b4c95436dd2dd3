"""A public function that is given an object of the wrong kind answers with one line that names what it takes."""

import ast
import importlib
import inspect
import re

import pytest

import mlc_ref.kinds
from mlc_course.root import course_root
from mlc_ref.checks import CheckFailure
from mlc_ref.kinds import _KINDS, require_kind, takes

SOURCE = course_root() / "src"
# How annotations spell the kinds, and the word that has to stand in the message.
ANNOTATED = {
    "tvm.IRModule": "IRModule",
    "IRModule": "IRModule",
    "Schedule": "Schedule",
    "torch.export.ExportedProgram": "ExportedProgram",
    "tirx.PrimFunc": "PrimFunc",
    "relax.Function": "Function",
    "tvm.runtime.Executable": "Executable",
    "tvm.runtime.Module": "runtime.Module",
    "relax.VirtualMachine": "VirtualMachine",
    "Config": "Config",
    "Imported": "Imported",
    "Order": "Order",
    "Result": "Result",
    "KernelResult": "KernelResult",
    "AccessSample": "AccessSample",
    "Subject": "IRModule",
}


def public_functions():
    """Module and syntax tree of every public function that has a first parameter."""
    for path in sorted((SOURCE / "mlc_ref").rglob("*.py")):
        if path.parent.name in ("checks", "exercise_inputs") or path.stem == "exercise_inputs":
            continue  # a check answers with a CheckFailure, whatever it is given; the inputs are not the reader's
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                yield module, node


def functions():
    """Module, name and allowed kinds of every one whose first parameter is an object of the compiler's."""
    for module, node in public_functions():
        annotation = node.args.args[0].annotation
        parts = ast.unparse(annotation).strip("'").split(" | ") if annotation else []
        if kinds := [ANNOTATED[part] for part in parts if part in ANNOTATED]:
            yield pytest.param(module, node.name, kinds, id=f"{module}.{node.name}")


def test_every_first_parameter_says_what_it_is():
    assert [f"{module}.{node.name}" for module, node in public_functions() if not node.args.args[0].annotation] == []


def test_each_part_of_a_union_has_to_be_named():
    found = {each.id: each.values[2] for each in functions()}
    assert found["mlc_ref.harness.run"] == ["IRModule", "Executable", "runtime.Module"]
    assert found["mlc_ref.webgpu.compiling.export_webgpu"] == ["Schedule", "IRModule"]


@pytest.mark.parametrize(("module", "name", "kinds"), functions())
def test_the_wrong_kind_is_told_in_one_line_of_the_readers_language(module, name, kinds, monkeypatch):
    function = getattr(importlib.import_module(module), name)
    parameters = list(inspect.signature(function).parameters.values())
    needed = [p for p in parameters[1:] if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: 1 for p in parameters if p.default is p.empty and p.kind is p.KEYWORD_ONLY}
    for language, sentence in (("en", r"[ -~“”…]*"), ("zh", r".*：得到 .*，允许的是.*|期望：.*；实际：.*")):
        monkeypatch.setenv("MLC_LANG", language)
        with pytest.raises((TypeError, ValueError, CheckFailure)) as raised:
            _finish(function(2.5, *[1] * len(needed), **named))
        message = str(raised.value).strip()
        assert re.fullmatch(sentence, message)  # of one line
        assert [kind for kind in kinds if not re.search(rf"\b{re.escape(kind)}\b", message, re.ASCII)] == []


def _finish(result):
    """A generator runs when it is read."""
    list(result)


def test_the_message_says_what_makes_one_of_the_other():
    from mlc_ref.schedules import programs

    mod = programs.scale_add(8)
    with pytest.raises(TypeError, match=r"^sch: got IRModule, allowed a Schedule; Schedule\(mod\) makes one$"):
        require_kind("sch", mod, "Schedule")
    with pytest.raises(TypeError, match=r"^mod: got PrimFunc, allowed an IRModule; IRModule"):
        require_kind("mod", mod["main"], "IRModule")
    require_kind("mod", mod, "Schedule", "IRModule")


def test_the_message_is_in_the_readers_language(monkeypatch):
    from mlc_ref.schedules import programs

    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(TypeError, match=r"^sch：得到 IRModule，允许的是 Schedule；用 Schedule\(mod\) 得到$"):
        require_kind("sch", programs.scale_add(8), "Schedule")
    with pytest.raises(TypeError, match=r"^mod：得到 int，允许的是 IRModule 或 Schedule$"):
        require_kind("mod", 1, "IRModule", "Schedule")


def test_a_decorated_function_keeps_its_name_and_leaves_missing_arguments_to_python():
    @takes("IRModule")
    def twice(mod, factor=2):
        """Documented."""

    assert (twice.__name__, twice.__doc__) == ("twice", "Documented.")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'mod'"):
        twice()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^mod: got int, allowed an IRModule$"):
        twice(factor=3, mod=1)


def test_every_kind_exists_where_it_is_said_to_be():
    for module, name in mlc_ref.kinds._KINDS.values():
        assert isinstance(getattr(importlib.import_module(module), name), type), (module, name)
    assert all(kind in _KINDS for pair in mlc_ref.kinds._WAYS for kind in pair if kind != "torch module")
