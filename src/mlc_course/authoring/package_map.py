"""The maps in the READMEs of the reference package and the grader: which file holds what, from each docstring's first line.

``python -m mlc_course.authoring.package_map`` rewrites them.
"""

import ast
from pathlib import Path

from mlc_course.root import course_root, stems

BEGIN, END = "<!-- map: begin -->", "<!-- map: end -->"


def summary(path: Path) -> str:
    """First line of a module's docstring.

    Raises:
        ValueError: there is none.
    """
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    if not docstring:
        raise ValueError(f"{path}: a module must begin with a docstring")
    return docstring.splitlines()[0]


def table(package: Path, first: list[str]) -> str:
    """Markdown rows for every module; the topics named in ``first`` come first, in that order."""

    def key(path: Path) -> tuple:
        part = path.relative_to(package).parts[0]
        return (
            first.index(part) if part in first else len(first),
            path.parent.as_posix(),
            path.stem != "__init__",
            path.stem,
        )

    rows = ["| file | what it holds |", "|---|---|"]
    for path in sorted(package.rglob("*.py"), key=key):
        name = path.relative_to(package).as_posix()
        if name != "__init__.py":
            rows.append(f"| [{name.removesuffix('/__init__.py')}]({name}) | {summary(path)} |")
    return "\n".join(rows)


def updated(readme: str, rows: str) -> str:
    """The README's text with its map replaced."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


PACKAGES = (Path("src", "mlc_ref"), Path("src", "mlc_course", "grading"))


def stale(root: Path) -> list[Path]:
    """READMEs whose map is not that of the files beside them, relative to ``root``."""
    return [package / "README.md" for package in PACKAGES if _current(root, package)[0] != _current(root, package)[1]]


def _current(root: Path, package: Path) -> tuple[str, str]:
    """A package's README, and what it should be."""
    readme = (root / package / "README.md").read_text("utf-8")
    return readme, updated(readme, table(root / package, stems(root)))


def update(root: Path) -> Path:
    """Rewrite the maps of the course in ``root``; returns the reference package's."""
    for package in PACKAGES:
        (root / package / "README.md").write_text(_current(root, package)[1], "utf-8")
    return root / PACKAGES[0] / "README.md"


def main() -> None:
    update(course_root())


if __name__ == "__main__":
    main()
