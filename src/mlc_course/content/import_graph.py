"""Which modules of ``src/`` a piece of code depends on, read from the sources; nothing is imported.

A module depends on what it imports anywhere, inside functions too, on the ``__init__`` of every package on the way, and
on every module whose dotted name stands in one of its strings (lazy attributes of a package, ``python -m …``). One that
computes the name of what it imports and names no module in a string may reach all modules.
"""

import ast
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGES = ("mlc_ref", "mlc_course")
_IN_STRING = re.compile(rf"\b(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
# Functions that import a module, or a file as a module, by a name they are given.
_BY_NAME = {"import_module", "__import__", "run_module", "run_path", "spec_from_file_location", "resolve_name"}
# Files of a package that its code cannot depend on.
_DOCUMENTS = {".md", ".pyc", ".pyi"}


@dataclass(frozen=True)
class Imports:
    """The dotted names that the import statements of a piece of code hold, by when they are carried out.

    Attributes:
        loading: when the code is loaded.
        calling: inside functions.
        typing: under ``if TYPE_CHECKING``, by the type checker alone.
    """

    loading: set[str] = field(default_factory=set)
    calling: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)


class ImportGraph:
    """The modules of the packages in one folder, and what each needs. Files are read when they are first asked for.

    Args:
        source: the folder that holds the packages, ``src``.
        packages: the packages to look at; other imports do not count.
        computed: whether a module that computes the name of what it imports reaches all modules.
    """

    def __init__(self, source: Path, packages: Collection[str] = PACKAGES, *, computed: bool = True) -> None:
        self.source, self.packages, self.computed = source, tuple(packages), computed
        self._direct: dict[str, frozenset[str]] = {}
        self._digests: dict[Path, bytes] = {}

    @cached_property
    def modules(self) -> dict[str, Path]:
        """The file of each module by its dotted name; a package's is its ``__init__.py``."""
        paths = (path for package in self.packages for path in (self.source / package).rglob("*.py"))
        return {self.name_of(path): path for path in sorted(paths)}

    def name_of(self, path: Path) -> str:
        """The dotted name of the module in a file below ``source``."""
        parts = path.relative_to(self.source).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def module_in(self, path: Path) -> str | None:
        """The dotted name of a file, or ``None`` where it is no module of the packages."""
        inside = path.is_relative_to(self.source) and path.suffix == ".py"
        name = self.name_of(path) if inside else ""
        return name if name in self.modules else None

    def direct(self, module: str) -> frozenset[str]:
        """The modules that one module makes the interpreter load, packages on the way included."""
        if module not in self._direct:
            path = self.modules[module]
            needed = self.needed_by(path.read_text("utf-8"), _package_of(module, path))
            self._direct[module] = needed - {module}
        return self._direct[module]

    def closure(self, modules: Iterable[str]) -> frozenset[str]:
        """The modules, what they need, what those need, and so on."""
        found: set[str] = set()
        waiting = [each for module in modules for each in self._with_packages(module)]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += self.direct(module) - found
        return frozenset(found)

    def needed_by(self, code: str, package: str = "") -> frozenset[str]:
        """The modules that a piece of Python code needs when it runs, packages on the way included.

        Args:
            package: the package the code belongs to, which relative imports start from.

        Raises:
            SyntaxError: the code is no Python.
        """
        tree = ast.parse(code)
        imports, mentioned = self.imports(tree, package), set(_mentioned(tree))
        names = imports.loading | imports.calling | mentioned
        found = {module for name in names for module in self._with_packages(name)}
        if self.computed and not mentioned and _imports_by_name(tree):
            found |= set(self.modules)
        return frozenset(found)

    def imports(self, tree: ast.AST, package: str = "") -> Imports:
        """The dotted names in the import statements below a node of a syntax tree."""
        found = Imports()
        self._collect(tree, package, found.loading, found)
        return found

    def named(self, module: str) -> Imports:
        """The modules that the import statements of one module name, without the packages on the way to them."""
        path = self.modules[module]
        found = self.imports(ast.parse(path.read_text("utf-8")), _package_of(module, path))
        return Imports(*({self._last(name) for name in names} - {"", module} for names in vars(found).values()))

    def circle(self, kinds: Collection[str] = ("loading", "calling", "typing")) -> list[str]:
        """Modules that import each other in a circle, the first also the last; empty where there is none.

        Args:
            kinds: the attributes of ``Imports`` that count.
        """
        edges = {
            module: {name for kind in kinds for name in getattr(named, kind)}
            for module, named in ((module, self.named(module)) for module in self.modules)
        }
        try:
            TopologicalSorter(edges).prepare()
        except CycleError as error:
            # Each module of it is imported by the next.
            return error.args[1][::-1]
        return []

    def files(self, modules: Iterable[str]) -> list[Path]:
        """The files of modules, and the data files of their packages (those in folders that are no package included)."""
        paths = {self.modules[module] for module in modules}
        for folder in {path.parent for path in paths}:
            paths |= set(_data_files(folder))
        return sorted(paths)

    def digest(self, path: Path) -> bytes:
        """Hash of a file's name below ``source`` and of its content."""
        if path not in self._digests:
            inside = path.is_relative_to(self.source)
            name = path.relative_to(self.source).as_posix() if inside else path.name
            self._digests[path] = hashlib.sha256(name.encode() + b"\0" + path.read_bytes()).digest()
        return self._digests[path]

    def _collect(self, node: ast.AST, package: str, into: set[str], found: Imports) -> None:
        into |= set(self._imported(node, package))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and into is found.loading:
            into = found.calling
        typed = node.body if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING") else []
        for child in ast.iter_child_nodes(node):
            self._collect(child, package, found.typing if child in typed else into, found)

    def _imported(self, node: ast.AST, package: str) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            for alias in node.names:
                if alias.name == "*":
                    # It may load every submodule that the package lists.
                    yield from (name for name in self.modules if f"{name}.".startswith(f"{base}."))
                else:
                    yield f"{base}.{alias.name}"

    def _last(self, name: str) -> str:
        """The module that a dotted name leads to; empty where it is none of ours."""
        return max(self._with_packages(name), key=len, default="")

    def _with_packages(self, name: str) -> Iterator[str]:
        """The module that a dotted name leads to and the packages on the way to it."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            module = ".".join(parts[:length])
            if module in self.modules:
                yield module


def _package_of(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def _mentioned(tree: ast.AST) -> Iterator[str]:
    """Dotted names of the packages' modules in strings, without docstrings and other strings that stand alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield from _IN_STRING.findall(node.value)


def _imports_by_name(tree: ast.AST) -> bool:
    """Whether something is imported by a name that is no string in the call itself."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in _BY_NAME
        ):
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                return True
    return False


def _data_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").is_file():
            yield from _data_files(path)
        elif path.is_file() and path.suffix != ".py" and path.suffix not in _DOCUMENTS:
            yield path
