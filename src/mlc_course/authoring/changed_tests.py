"""The tests of what differs from the main branch, by what they import: ``make test-quick``.

    python -m mlc_course.authoring.changed_tests [--since REVISION] [PYTEST OPTION…]

Static rules run first. Tests in a browser and slow ones are left to ``make test``.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from mlc_course.authoring.lint.run import lint
from mlc_course.content.import_graph import ImportGraph
from mlc_course.root import course_root, stems

# Files on which every test depends.
EVERYTHING = ("requirements.lock", "pyproject.toml", "tests/conftest.py")
_ALWAYS = ("tests/course/test_layout.py",)


def changed_files(root: Path, since: str) -> list[str]:
    """Paths that differ from where this branch left ``since``, uncommitted and new files included."""
    git = ["git", "-C", str(root)]
    base = subprocess.run(
        [*git, "merge-base", "HEAD", since], capture_output=True, text=True, check=False
    ).stdout.strip()
    listed = [[*git, "diff", "--name-only", base or "HEAD"], [*git, "ls-files", "--others", "--exclude-standard"]]
    found = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for command in listed]
    return sorted({line for text in found for line in text.splitlines()})


def changed_modules(graph: ImportGraph, root: Path, changed: Iterable[str]) -> set[str]:
    """Modules that a change reaches directly; a data file stands for all modules of its package."""
    found: set[str] = set()
    for name in changed:
        path = root / name
        if not path.is_relative_to(graph.source):
            continue
        module = graph.module_in(path)
        if module:
            found.add(module)
        else:
            found |= {other for other, file in graph.modules.items() if path.is_relative_to(file.parent)}
    return found


def affected_tests(root: Path, changed: list[str]) -> list[str]:
    """Test files to run for the changed files, relative to ``root``; all folders where everything may differ."""
    if any(name in EVERYTHING for name in changed):
        return ["tests"]
    # What is imported by a computed name are the checks of exercises; their tests are chosen by topic.
    graph = ImportGraph(root / "src", computed=False)
    modules = changed_modules(graph, root, changed)
    topics = {stem for stem in stems(root) for name in changed if f"/{stem}/" in name or f"/{stem}.md" in name}
    found = set(_ALWAYS)
    for path in sorted((root / "tests").rglob("test_*.py")):
        name = path.relative_to(root).as_posix()
        of_topic = any(name.startswith(f"tests/ref/{topic}/") for topic in topics)
        if name in changed or of_topic or _needs(graph, root, path) & modules or _support(root, path) & set(changed):
            found.add(name)
    return sorted(found)


def _support(root: Path, test: Path) -> set[str]:
    """Helpers in ``tests/support`` that a test names."""
    text = test.read_text("utf-8")
    helpers = (root / "tests" / "support").glob("*.py")
    return {f"tests/support/{path.name}" for path in helpers if f"from {path.stem} import" in text}


def _needs(graph: ImportGraph, root: Path, test: Path) -> frozenset[str]:
    codes = [test.read_text("utf-8"), *((root / name).read_text("utf-8") for name in _support(root, test))]
    return graph.closure(module for code in codes for module in graph.needed_by(code))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--since", default="main", metavar="REVISION", help="branch to compare with (default: main)")
    options, rest = parser.parse_known_args(arguments)
    root = course_root()
    problems = lint(root)
    print(*problems, sep="\n" if problems else "")
    chosen = affected_tests(root, changed_files(root, options.since))
    print(f"{len(chosen)} test files: {' '.join(chosen)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not browser and not slow", *rest, *chosen]
    tested = subprocess.run(command, cwd=root, check=False).returncode
    return 1 if problems or tested not in (0, 5) else 0  # 5: all tests of the files are slow ones


if __name__ == "__main__":
    sys.exit(main())
