"""What a module depends on is read from its source: imports wherever they stand, packages on the way, data, strings."""

from itertools import pairwise

import pytest

from mlc_course.content.import_graph import ImportGraph
from mlc_course.root import course_root


@pytest.fixture
def graph_of(tmp_path):
    """Writes the files of a package ``p`` and returns the graph."""

    def write(**files):
        for name, text in {"__init__": "", **files}.items():
            path = tmp_path / "p" / f"{name.replace('__in__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for folder in (tmp_path / "p").iterdir():
            if folder.is_dir():
                (folder / "__init__.py").touch()
        return ImportGraph(tmp_path, ["p"])

    return write


@pytest.mark.parametrize(
    "statement",
    [
        "import p.b",
        "import p.b as other",
        "from p import b",
        "from p.b import x",
        "from p.b import x as y",
        "from . import b",
        "from .b import x",
        "from p.b import *",
        "def f():\n    from p.b import x",
        "class A:\n    def f(self):\n        async def g():\n            import p.b",
        "try:\n    import p.b\nexcept ImportError:\n    pass",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import p.b",
    ],
)
def test_every_form_of_import_counts(graph_of, statement):
    assert graph_of(a=statement, b="x = 1", c="").closure(["p.a"]) == {"p", "p.a", "p.b"}


@pytest.mark.parametrize(
    "statement",
    [
        '"""See p.b."""',
        "x = 1  # import p.b",
        "if TYPE_CHECKING:\n    import p.b",
        "import numpy.b",
        "from numpy import b",
    ],
)
def test_what_is_never_loaded_does_not_count(graph_of, statement):
    assert graph_of(a=statement, b="").closure(["p.a"]) == {"p", "p.a"}


def test_packages_on_the_way_and_what_they_import_count(graph_of):
    graph = graph_of(a="import p.sub.c", sub__in____init__="from p import b", sub__in__c="", sub__in__d="", b="")
    assert graph.closure(["p.a"]) == {"p", "p.a", "p.sub", "p.sub.c", "p.b"}


def test_a_relative_import_starts_from_the_package_of_its_module(graph_of):
    graph = graph_of(sub__in____init__="from . import c", sub__in__c="from .. import b", b="", c="")
    assert graph.closure(["p.sub"]) == {"p", "p.sub", "p.sub.c", "p.b"}


def test_everything_from_a_package_may_be_any_of_its_modules(graph_of):
    graph = graph_of(a="from p.sub import *", sub__in__c="", sub__in__d="")
    assert graph.closure(["p.a"]) == {"p", "p.a", "p.sub", "p.sub.c", "p.sub.d"}


def test_modules_that_import_each_other_come_to_an_end(graph_of):
    assert graph_of(a="import p.b", b="import p.a").closure(["p.a"]) == {"p", "p.a", "p.b"}


def test_a_module_named_in_a_string_counts(tmp_path):
    for name, text in {"__init__": "", "a": 'RUN = ["-m", "mlc_ref.b"]', "b": "", "c": ""}.items():
        (tmp_path / "mlc_ref").mkdir(exist_ok=True)
        (tmp_path / "mlc_ref" / f"{name}.py").write_text(text)
    assert ImportGraph(tmp_path).closure(["mlc_ref.a"]) == {"mlc_ref", "mlc_ref.a", "mlc_ref.b"}


def test_a_module_that_computes_what_it_imports_may_reach_all(graph_of):
    graph = graph_of(a="from importlib import import_module\nimport_module(name)", b="", c="")
    assert graph.closure(["p.a"]) == set(graph.modules)


def test_data_files_belong_to_their_package_documents_and_other_packages_do_not(graph_of, tmp_path):
    graph = graph_of(a="", sub__in__c="")
    package = tmp_path / "p"
    (package / "records").mkdir()
    for name in ("records/r.json", "style.css", "README.md", "sub/s.npz"):
        (package / name).touch()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.pyc").touch()
    names = {path.relative_to(package).as_posix() for path in graph.files(["p.a"])}
    assert names == {"a.py", "records/r.json", "style.css"}


def test_a_circle_is_found_and_shown_in_order(graph_of):
    graph = graph_of(a="import p.b", b="import p.c", c="def f():\n    from p.a import x", d="import p.a")
    circle = graph.circle()
    assert circle[0] == circle[-1]
    assert set(circle) == {"p.a", "p.b", "p.c"}
    for before, after in pairwise(circle):
        assert after in graph.named(before).loading | graph.named(before).calling
    assert graph.circle(["loading"]) == []


def test_a_package_that_gathers_names_of_its_modules_is_no_circle(graph_of):
    assert graph_of(sub__in____init__="from p.sub.c import x", sub__in__c="from p import a", a="").circle() == []


def test_the_pictures_reach_their_explorers_by_name():
    graph = ImportGraph(course_root() / "src")
    assert {"mlc_ref.viz.access", "mlc_ref.viz.graph", "mlc_ref.viz.explorer"} <= graph.closure(["mlc_ref.viz"])
