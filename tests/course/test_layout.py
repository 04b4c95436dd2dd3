"""One stem per topic, the same everywhere; dependencies point one way; the maps in the READMEs are true."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import tomllib
import yaml

from mlc_course.authoring.lint.code import FOLDERS, python_files
from mlc_course.authoring.package_map import table
from mlc_course.content.import_graph import ImportGraph
from mlc_course.root import CourseNotFound, course_root, pages, stems

ROOT = course_root()
SOURCE = ROOT / "src"
# Topics whose package is there before their page, after those that have one.
WITHOUT_PAGE = ["language_models"]
ORDER = [*stems(ROOT), *WITHOUT_PAGE]
INFRASTRUCTURE = {"harness", "versions", "targets", "language", "checks", "viz", "gpu_sim", "cache_model", "webgpu"}
MODULES = sorted(SOURCE.rglob("*.py"))


def imported_names(path: Path) -> set[str]:
    """Dotted names of everything a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def imported_parts(path: Path) -> set[str]:
    """Direct children of ``mlc_ref`` that a file imports."""
    return {name.split(".")[1] for name in imported_names(path) if name.startswith("mlc_ref.")}


def test_a_topic_with_a_page_is_not_listed_as_one_without():
    assert not set(WITHOUT_PAGE) & set(stems(ROOT)), "take it out of WITHOUT_PAGE"


def test_every_topic_of_the_reference_package_stands_in_the_contents():
    packages = {path.parent.name for path in (SOURCE / "mlc_ref").glob("*/__init__.py")}
    assert packages - INFRASTRUCTURE == set(ORDER), "add the page to _toc.yml, or the package to INFRASTRUCTURE"


@pytest.mark.parametrize("path", sorted((SOURCE / "mlc_ref").rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_reference_package_imports_only_earlier_stems_and_never_the_course(path: Path):
    assert not any(name.split(".")[0] == "mlc_course" for name in imported_names(path))
    part = path.relative_to(SOURCE / "mlc_ref").parts[0].removesuffix(".py")
    if part in ORDER:
        allowed = set(ORDER[: ORDER.index(part) + 1]) | INFRASTRUCTURE
    else:
        # The simulator and the pictures may use one another; the rest of the infrastructure stands alone.
        allowed = INFRASTRUCTURE
    assert imported_parts(path) & (set(ORDER) | INFRASTRUCTURE) <= allowed


@pytest.mark.parametrize(
    "kinds",
    # When a module is loaded; inside functions too, where a circle works but cannot be read in any order; and for the
    # type checker, since what a module's types come from is what a reader looks up.
    [["loading"], ["loading", "calling"], ["loading", "calling", "typing"]],
    ids=" and ".join,
)
def test_no_modules_import_each_other_in_a_circle(kinds: list[str]):
    circle = ImportGraph(SOURCE).circle(kinds)
    assert circle == [], f"{' imports '.join(circle)}; move what both need into a module of its own"


@pytest.mark.parametrize(
    ("part", "others"),
    [
        ("content", ["site", "exercises", "grading", "authoring"]),
        ("exercises", ["site", "authoring"]),
        ("grading", ["site", "authoring"]),
    ],
)
def test_parts_of_the_course_s_tools_depend_one_way(part: str, others: list[str]):
    forbidden = tuple(f"mlc_course.{other}" for other in others)
    found = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in (SOURCE / "mlc_course" / part).rglob("*.py")
        for name in imported_names(path)
        if f"{name}.".startswith(tuple(f"{each}." for each in forbidden))
    ]
    assert found == []


def test_git_ignores_no_source():
    command = ["git", "-C", str(ROOT), "ls-files", "--others", "--ignored", "--exclude-standard", "src", "tests"]
    ignored = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [path for path in ignored if Path(path).suffix in (".py", ".js", ".html", ".json", ".md")] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "exercises").glob("*/checks/*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_checks_import_the_reference_package_and_not_the_course(path: Path):
    assert not any(name.split(".")[0] == "mlc_course" for name in imported_names(path))


def test_the_course_addresses_stand_in_one_place():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    addresses = [config["html"]["baseurl"].rstrip("/"), config["repository"]["url"].rstrip("/")]
    elsewhere = [
        path
        for folder in ("src", "chapters", "exercises", "tests", ".github", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".png", ".npz", ".pyc"} and "__pycache__" not in path.parts
        if any(address in path.read_text("utf-8", errors="ignore") for address in addresses)
    ]
    assert elsewhere == []


def test_python_dependencies_of_the_project_are_all_pinned_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for group in project["optional-dependencies"].values() for d in group)]
    names = {re.split(r"[<>=]", d)[0].lower().replace("_", "-") for d in wanted}
    lock = (ROOT / "requirements.lock").read_text().lower().replace("_", "-")
    assert [name for name in sorted(names) if f"\n{name}==" not in lock] == []


def test_a_missing_course_folder_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("MLC_COURSE_ROOT", str(tmp_path))
    with pytest.raises(CourseNotFound, match="Clone the course's repository"):
        course_root()


def test_the_course_folder_is_the_one_that_the_environment_names_now(tmp_path, monkeypatch):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "_toc.yml").touch()
    monkeypatch.setenv("MLC_COURSE_ROOT", str(tmp_path))
    assert course_root() == tmp_path.resolve()
    monkeypatch.delenv("MLC_COURSE_ROOT")
    assert course_root() == Path(__file__).resolve().parents[2]


def test_pages_follow_the_contents():
    assert pages(ROOT)[0] == "index"
    assert set(stems(ROOT)) <= set(pages(ROOT))


def test_a_module_without_docstring_cannot_be_mapped(tmp_path):
    (tmp_path / "silent.py").write_text("x = 1\n")
    with pytest.raises(ValueError, match=r"silent\.py: a module must begin with a docstring"):
        table(tmp_path, [])


def test_types_are_checked_wherever_people_wrote_python():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert settings["files"] == list(FOLDERS)
    paths = [path.relative_to(ROOT).as_posix() for path in python_files(ROOT)]
    left_out = [path for path in paths if any(re.search(pattern, path) for pattern in settings["exclude"])]
    assert [path for path in left_out if not re.search(r"/programs(/\w+)?\.py$", path)] == []
