"""A page is executed anew when what it imports changed, or the pins, and only then."""

import json
import os
import platform
import re
import subprocess
import sys

import pytest
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat.v4 import new_code_cell, new_notebook

from mlc_course.content.import_graph import ImportGraph
from mlc_course.content.pages import read_page
from mlc_course.root import course_root, pages, stems
from mlc_course.site.build.execution_cache import CACHE, KEYS, executed_pages, page_keys, page_modules, refresh_cache

ROOT = course_root()
COURSE = ImportGraph(ROOT / "src")
KERNEL = "kernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n"
FRONT = "---\njupytext:\n  text_representation:\n    format_name: myst\n" + KERNEL + "---\n"
PAGE = FRONT + "({name})=\n# {name}\n\n```{{code-cell}} python\n{code}\n```\n"
MODULES = {
    "__init__.py": "",
    "used/__init__.py": "",
    "used/a.py": "from mlc_ref.used.deep import x\n",
    "used/deep.py": "def f():\n    from mlc_ref import late\n",
    "used/data.json": "{}\n",
    "used/README.md": "read me\n",
    "late.py": "",
    "shown.py": "y = 1\n",
    "other.py": "z = 1\n",
}


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def write_page(root, name, code, more=""):
    text = PAGE.format(name=name, code=code) + more
    write(root, {f"chapters/{language}/{name}.md": text for language in ("en", "zh")})


def contents(root, *names):
    chapters = "".join(f"  - file: chapters/en/{name}\n" for name in names)
    write(root, {"_toc.yml": f"format: jb-book\nroot: chapters/en/index\nchapters:\n{chapters}"})


def execute(root, *names):
    """Fill the cache as a build does."""
    refresh_cache(root, page_keys(root))
    for name in names:
        notebook = new_notebook(cells=[new_code_cell(f"'{name}'", execution_count=1)])
        bundle = CacheBundleIn(notebook, str(root / "chapters" / "en" / f"{name}.md"))
        get_cache(str(root / CACHE)).cache_notebook_bundle(bundle)


def forgotten(root, *names):
    """Pages whose results leave the cache, of those that have some."""
    refresh_cache(root, page_keys(root))
    return set(names) - executed_pages(root)


@pytest.fixture
def tree(tmp_path):
    write(tmp_path / "src" / "mlc_ref", MODULES)
    write(tmp_path, {"requirements.lock": "numpy==2.0\n"})
    contents(tmp_path, "one", "two")
    write_page(tmp_path, "index", "1")
    write_page(tmp_path, "one", "from mlc_ref.used import a")
    included = "\n```{literalinclude} ../../src/mlc_ref/shown.py\n:language: python\n```\n"
    write_page(tmp_path, "two", "import sys", included)
    execute(tmp_path, "index", "one", "two")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("used/a.py", {"one"}),
        ("used/__init__.py", {"one"}),
        ("used/deep.py", {"one"}),
        ("used/data.json", {"one"}),
        ("late.py", {"one"}),
        ("shown.py", {"two"}),
        ("__init__.py", {"one", "two"}),
        ("other.py", set()),
        ("new.py", set()),
        ("used/README.md", set()),
        ("used/__pycache__/a.pyc", set()),
    ],
)
def test_a_changed_file_executes_the_pages_that_depend_on_it_and_no_other(tree, path, gone):
    write(tree / "src" / "mlc_ref", {path: "# changed\n" + MODULES.get(path, "")})
    assert forgotten(tree, "index", "one", "two") == gone


def test_new_data_of_a_package_in_use_counts(tree):
    write(tree / "src" / "mlc_ref", {"used/records/r.json": "[]"})
    assert forgotten(tree, "index", "one", "two") == {"one"}


def test_other_pins_or_another_python_execute_everything(tree, monkeypatch):
    write(tree, {"requirements.lock": "numpy==2.1\n"})
    assert forgotten(tree, "index", "one", "two") == {"index", "one", "two"}
    execute(tree, "index", "one", "two")
    monkeypatch.setattr(platform, "python_version_tuple", lambda: ("3", "99", "0"))
    assert forgotten(tree, "index", "one", "two") == {"index", "one", "two"}


def test_without_a_change_the_cache_stays_and_nothing_is_said(tree):
    assert refresh_cache(tree, page_keys(tree)) is None
    assert executed_pages(tree) == {"index", "one", "two"}


def test_what_is_executed_anew_is_said(tree):
    write(tree / "src" / "mlc_ref", {"shown.py": ""})
    assert refresh_cache(tree, page_keys(tree)) == "what they import changed, executed anew: two"


def test_imports_in_any_language_s_page_count(tree):
    path = tree / "chapters" / "zh" / "two.md"
    path.write_text(path.read_text().replace("import sys", "import mlc_ref.other"))
    execute(tree)
    write(tree / "src" / "mlc_ref", {"other.py": ""})
    assert "mlc_ref.other" in page_modules("two", tree, ImportGraph(tree / "src"))


def test_a_new_page_leaves_the_others_alone(tree):
    contents(tree, "one", "two", "three")
    write_page(tree, "three", "import mlc_ref.other")
    assert forgotten(tree, "index", "one", "two") == set()
    assert set(json.loads((tree / KEYS).read_text())) == {"index", "one", "two", "three"}


def test_a_removed_page_takes_its_results_along_and_may_come_back_changed(tree):
    contents(tree, "two")
    assert forgotten(tree, "index", "one", "two") == {"one"}
    contents(tree, "one", "two")
    assert "one" not in executed_pages(tree)


def test_results_of_a_page_whose_key_is_not_known_leave_the_cache(tree):
    keys = page_keys(tree)
    (tree / KEYS).write_text(json.dumps({page: key for page, key in keys.items() if page != "one"}))
    assert forgotten(tree, "index", "one", "two") == {"one"}


@pytest.mark.parametrize("state", [None, "", "0123abc\n", "[1, 2]", '{"one": 1}', "{"])
def test_a_cache_of_unknown_origin_is_emptied(tree, state):
    (tree / KEYS).unlink()
    if state is not None:
        (tree / KEYS).write_text(state)
    assert "all pages are executed anew" in str(refresh_cache(tree, page_keys(tree)))
    assert executed_pages(tree) == set()
    assert json.loads((tree / KEYS).read_text()) == page_keys(tree)


def test_a_first_build_has_nothing_to_say(tree, tmp_path_factory):
    fresh = tmp_path_factory.mktemp("fresh")
    contents(fresh, "one")
    write(fresh, {"requirements.lock": ""})
    assert refresh_cache(fresh, page_keys(fresh)) is None


def test_a_cell_that_is_no_python_may_import_anything(tree):
    write_page(tree, "two", "!python -c 'import mlc_ref.other'")
    graph = ImportGraph(tree / "src")
    assert page_modules("two", tree, graph) == set(graph.modules)


@pytest.mark.parametrize("page", pages(ROOT))
def test_a_page_depends_on_every_module_whose_name_its_cells_and_listings_show(page):
    source = read_page(page, "en", ROOT)
    cells = "\n".join(code for code, _ in source.code)
    shown = set(re.findall(r"^\s*(?:from|import) (mlc_ref[.\w]*)", cells, re.M))
    shown |= {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in re.findall(r"\{literalinclude\} \.\./\.\./src/(\S+\.py)", source.text)
    }
    assert shown <= page_modules(page, ROOT, COURSE)


def test_the_mean_chapter_depends_on_less_than_half_of_the_modules():
    counts = [len(page_modules(page, ROOT, COURSE)) for page in stems(ROOT)]
    assert len(counts) >= 9
    assert sum(counts) / len(counts) < sum(name.startswith("mlc_ref") for name in COURSE.modules) / 2


def build(root):
    """Builds as a person does; returns the pages executed and read, by language."""
    environment = {**os.environ, "MLC_COURSE_ROOT": str(root)}
    command = [sys.executable, "-m", "mlc_course.site.build"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    executed = re.findall(r"(\w+)\.md: Executing notebook", done.stdout)
    changed = [int(number) for number in re.findall(r"\d+ added, (\d+) changed", done.stdout)]
    return executed, changed


@pytest.mark.slow
def test_a_build_executes_and_reads_again_the_page_whose_module_changed(toy):
    text = (toy / "_toc.yml").read_text("utf-8")
    first = "      - file: chapters/en/introduction\n"
    (toy / "_toc.yml").write_text(text.replace(first, first + "      - file: chapters/en/second\n"), "utf-8")
    write_page(toy, "second", "from mlc_ref.added import x\nx")
    write(toy / "src" / "mlc_ref", {"added.py": "x = 'first value'\n"})
    assert build(toy)[0] == ["second"]
    harness = toy / "src" / "mlc_ref" / "harness.py"
    harness.write_text(harness.read_text("utf-8") + "\n# a remark\n", "utf-8")
    assert build(toy) == ([], [0, 0])
    write(toy / "src" / "mlc_ref", {"added.py": "x = 'other value'\n"})
    assert build(toy) == (["second"], [1, 1])
    for language in ("en", "zh"):
        assert "other value" in (toy / "_site" / language / "second.html").read_text("utf-8")
    (toy / KEYS).write_text("broken")
    assert sorted(build(toy)[0]) == ["introduction", "second"]
