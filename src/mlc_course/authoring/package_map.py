"""The map in ``src/mlc_ref/README.md``: which file holds what, from the first line of each docstring.

``python -m mlc_course.authoring.package_map`` rewrites it.
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
        raise ValueError(f"{path}: a module of the reference package must begin with a docstring")
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


def update(root: Path) -> Path:
    """Rewrite the map of the course in ``root`` and return its file."""
    package = root / "src" / "mlc_ref"
    readme = package / "README.md"
    readme.write_text(updated(readme.read_text("utf-8"), table(package, stems(root))), "utf-8")
    return readme


def main() -> None:
    update(course_root())


if __name__ == "__main__":
    main()
