"""The first pages: errors that are shown, and listings that run when a reader copies them into a cell."""

import ast
import builtins
import contextlib
import dis
import io
import re
import sys
import types

import pytest
import tvm

from mlc_course.content.pages import read_page
from mlc_course.content.source_part import source_part
from mlc_course.root import course_root
from mlc_ref.introduction import levels
from mlc_ref.introduction.first_errors import WIDTH, error_shown
from mlc_ref.introduction.programs import LinearReluProgram
from mlc_ref.language import LANGUAGES

ROOT = course_root()


def listings(name):
    """Code of every ``literalinclude`` of a page, by its first line."""
    page, found = ROOT / "chapters" / "en" / f"{name}.md", {}
    for block in page.read_text("utf-8").split("```{literalinclude} ")[1:]:
        path, *rest = block.partition("\n```")[0].splitlines()
        options = dict(line.removeprefix(":").split(": ", 1) for line in rest)
        lines = source_part((page.parent / path).resolve().read_text("utf-8"), options)
        found[options.get("pyobject") or options["start-at"]] = "\n".join(lines)
    return found


def imports_of_cells(name):
    """The names that a page's cells import."""
    namespace: dict[str, object] = {}
    for source, _ in read_page(name, "en", ROOT).code:
        nodes: list[ast.stmt] = [
            node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        exec(compile(ast.Module(nodes, []), "<imports>", "exec"), namespace)
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def missing_names(namespace, code):
    """Names that functions defined by ``code`` read from outside and that a cell would not find."""
    found = set()
    for value in [value for value in namespace.values() if isinstance(value, types.FunctionType)]:
        if value.__code__.co_filename == code:
            reads = {each.argval for each in dis.get_instructions(value) if each.opname == "LOAD_GLOBAL"}
            found |= {name for name in reads if name not in namespace and not hasattr(builtins, name)}
    return found


@pytest.mark.parametrize("listing", listings("introduction"))
def test_every_listing_of_the_introduction_runs_when_copied_into_a_cell(listing, tmp_path, monkeypatch):
    # A module stands for the notebook: TVM's parser looks the text of a program up in the file of its module.
    file, notebook = tmp_path / "copied.py", types.ModuleType("copied_listing")
    file.write_text(listings("introduction")[listing], "utf-8")
    notebook.__file__ = str(file)
    vars(notebook).update(imports_of_cells("introduction"))
    monkeypatch.setitem(sys.modules, notebook.__name__, notebook)
    exec(compile(file.read_text("utf-8"), str(file), "exec"), vars(notebook))
    assert missing_names(vars(notebook), str(file)) == set()


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each code cell of the page of first errors prints."""
    folder, notebook = tmp_path_factory.mktemp("cells"), types.ModuleType("first_errors_page")
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, notebook.__name__, notebook)
        for number, (source, _) in enumerate(read_page("first_errors", "en", ROOT).code):
            file, out = folder / f"cell_{number}.py", io.StringIO()
            file.write_text(source, "utf-8")
            notebook.__file__ = str(file)
            with contextlib.redirect_stdout(out):
                exec(compile(source, str(file), "exec"), vars(notebook))
            found.append(" ".join(out.getvalue().split()))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_first_errors_quotes_what_its_cells_print(printed, language):
    outputs, said, texts = iter(printed), "", []
    for cell in read_page("first_errors", language, ROOT).notebook.cells:
        if cell.cell_type == "code":
            said = next(outputs)
        elif "Error: " in said:
            # A message is a quotation of several words that begins with a capital.
            quoted = re.findall(r"`([A-Z][^`]* [^`]* [^`]*|kinds[^`]* [^`]*)`", cell.source.partition("\n(")[0])
            texts.append((said, quoted))
    assert len(texts) == 11
    assert [(said[:90], quote) for said, quotes in texts for quote in quotes or ["nothing quoted"]
            if quote not in said] == []  # fmt: skip


def test_an_error_is_shown_by_kind_and_message_without_the_temporary_file(capsys):
    with error_shown():
        raise ValueError("error: Undefined variable: i\n --> /tmp/ipykernel_12/345.py:70:13\n" + "word " * 40)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["ValueError: error: Undefined variable: i", " --> cell:70:13"]
    assert len(lines) > 3
    assert max(map(len, lines)) <= WIDTH


def test_a_message_that_begins_with_its_kind_does_not_say_it_twice(capsys):
    with error_shown():
        tvm.s_tir.Schedule(LinearReluProgram).get_sblock("nothing", func_name="linear_relu")
    text = capsys.readouterr().out
    assert text.startswith("ScheduleError: An error")
    assert text.rstrip().endswith("Cannot find a block with the name: nothing")


@pytest.mark.parametrize(("language", "said"), [("en", "no error"), ("zh", "没有报错")])
def test_a_cell_without_an_error_says_so(language, said, capsys, monkeypatch):
    monkeypatch.setenv("MLC_LANG", language)
    with error_shown():
        pass
    assert capsys.readouterr().out == f"{said}\n"


def test_loops_are_shown_without_head_and_regions():
    text = levels.loops_text(LinearReluProgram, "linear_relu")
    assert text.startswith("for i, j, k in T.grid(360, 10, 64):\n    with T.sblock")
    assert "T.reads" not in text


def test_a_program_without_loops_has_none_to_show():
    with pytest.raises(ValueError, match="name: got 'main', which has no loop"):
        levels.loops_text(tvm.IRModule({"main": tvm.tirx.PrimFunc([], tvm.tirx.Evaluate(0))}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_says_which_package_to_install(language, monkeypatch, capsys):
    (cell,) = [source for source, _ in read_page("index", language, ROOT).code if "version_problems" in source]
    monkeypatch.setenv("MLC_LANG", language)
    exec(cell, {})
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9", "numpy": "9.8"})
    exec(cell, {})
    ready, *problems = capsys.readouterr().out.splitlines()
    assert (ready, len(problems)) == ("ready", 2)
    assert "pip install apache-tvm==9.9" in problems[0]
