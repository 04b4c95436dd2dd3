"""What the grader's folders may import: vetting never TVM, files that sandboxes run by path the standard library only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from mlc_course.content.import_graph import ImportGraph
from mlc_course.root import course_root

SOURCE = course_root() / "src"
GRADING = SOURCE / "mlc_course" / "grading"
GRAPH = ImportGraph(SOURCE)
VETTING = [name for name in GRAPH.modules if name.startswith("mlc_course.grading.vetting")]
# Libraries that load compiled code for what they read, or unpickle it.
COMPILERS = {"tvm", "tvm_ffi", "torch"}


def imported(path: Path, *, inside_functions: bool) -> set[str]:
    """The outermost packages that a file imports when it is loaded, and inside functions too if asked for."""
    found = GRAPH.imports(ast.parse(path.read_text("utf-8")))
    names = found.loading | found.calling if inside_functions else found.loading
    return {name.partition(".")[0] for name in names}


def loaded_with(modules: list[str]) -> set[str]:
    """The modules of ours that are loaded when these are imported."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        steps = {step for step in GRAPH.modules if f"{name}.".startswith(f"{step}.")} - found
        found |= steps
        waiting += [each for step in steps for each in GRAPH.named(step).loading]
    return found


def run_by_path() -> list[Path]:
    """The files of the grader whose path its code takes, to run them: ``with_name("…")`` and ``module.__file__``."""
    found = set()
    for path in GRADING.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".py"):
                found.add(path.with_name(str(node.value)))
            elif isinstance(node, ast.Attribute) and node.attr == "__file__":
                found |= set(GRADING.rglob(f"{ast.unparse(node.value).rpartition('.')[2]}.py"))
    return sorted(path for path in found if path.is_file())


BY_PATH = run_by_path()


@pytest.mark.parametrize("module", VETTING)
def test_no_file_that_vets_imports_a_compiler_even_inside_a_function(module: str):
    assert imported(GRAPH.modules[module], inside_functions=True) & COMPILERS == set()


def test_nothing_that_is_loaded_with_vetting_imports_a_compiler():
    guilty = [
        name for name in loaded_with(VETTING) if imported(GRAPH.modules[name], inside_functions=False) & COMPILERS
    ]
    assert guilty == []


def test_a_process_that_has_loaded_all_of_vetting_has_loaded_no_compiler():
    code = f"import importlib, sys\nfor name in {VETTING}: importlib.import_module(name)\nprint(*{COMPILERS} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_files_that_sandboxes_run_by_path_are_those_the_readme_names():
    assert [path.name for path in BY_PATH] == ["namespace_holder.py", "seccomp.py"]
    text = (GRADING / "README.md").read_text("utf-8")
    assert "`seccomp.py` and `namespace_holder.py` run by path" in text


@pytest.mark.parametrize("path", BY_PATH, ids=lambda path: path.name)
def test_a_file_that_runs_by_path_imports_the_standard_library_only(path: Path):
    assert imported(path, inside_functions=True) - sys.stdlib_module_names == set()
    # As sandboxes run it: without the environment's packages, and its own folder not on the path.
    code = f"import runpy, sys; runpy.run_path({str(path)!r}); print(*(name for name in sys.modules if 'mlc' in name))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
