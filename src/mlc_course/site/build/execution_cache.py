"""When results of executed pages may be used again.

jupyter-cache knows the code cells of a page, but not the modules they import or the packages that are installed. A key
of both is kept for each page, in the cache's own folder; where the key of a page differs, its results leave the cache.
Both languages of a page have the same cells, one key and one entry.
"""

import hashlib
import json
import platform
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jupyter_cache import get_cache

from mlc_course.content.import_graph import ImportGraph
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.pages import Page
from mlc_course.root import pages

CACHE = Path("_build", ".jupyter_cache")
KEYS = CACHE / "page_keys.json"
_INCLUDED = re.compile(r"\{literalinclude\}[ \t]+(\S+)")


@cache
def machinery_key() -> str:
    """Hash of the code that turns pages into HTML; where it changes, pages are read again, but not executed."""
    package = Path(__file__).parents[2]
    folders = [package / "site", package / "content"]
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    graph = ImportGraph(package.parent, ["mlc_ref"])
    named = {name for path in files if path.suffix == ".py" for name in graph.needed_by(path.read_text("utf-8"))}
    files |= set(graph.files(graph.closure(named)))
    return _hash(graph, (path for path in files if "__pycache__" not in path.parts))


def page_keys(root: Path) -> dict[str, str]:
    """For each page of the contents the hash of everything outside it that its results depend on."""
    lock, graph = (root / "requirements.lock").read_bytes(), ImportGraph(root / "src")
    common = lock + b"\0" + ".".join(platform.python_version_tuple()[:2]).encode()
    return {
        page: hashlib.sha256(common + _hash(graph, _dependencies(page, root, graph)).encode()).hexdigest()
        for page in pages(root)
    }


def page_modules(page: str, root: Path, graph: ImportGraph) -> frozenset[str]:
    """The modules that the cells and included sources of a page need, in any language."""
    found: set[str] = set()
    for source in _sources(page, root):
        for cell, _ in source.code:
            found |= _needed_by_cell(cell, graph)
        found |= {name for path in _included(source) if (name := graph.module_in(path))}
    return graph.closure(found)


def refresh_cache(root: Path, keys: dict[str, str]) -> str | None:
    """Take the results of all pages whose key differs from the one they were made under out of the cache.

    Args:
        keys: as ``page_keys`` gives them.

    Returns:
        What was done, for the person who builds, or ``None`` where everything stays.
    """
    known = _read_keys(root / KEYS)
    if known == keys:
        return None
    if known is None:
        filled = (root / CACHE).exists()
        shutil.rmtree(root / CACHE, ignore_errors=True)
        done = "it is not known what the cached results depend on: all pages are executed anew" if filled else None
    else:
        gone = _remove(root, {page for page in executed_pages(root) if keys.get(page) != known.get(page, "")})
        done = f"what they import changed, executed anew: {', '.join(gone)}" if gone else None
    _write_keys(root / KEYS, keys)
    return done


def executed_pages(root: Path) -> set[str]:
    """Pages of which the cache holds results."""
    if not (root / CACHE).is_dir():
        return set()
    return {_page_of(record.uri) for record in get_cache(str(root / CACHE)).list_cache_records()}


def _remove(root: Path, gone: set[str]) -> list[str]:
    records = get_cache(str(root / CACHE))
    for record in records.list_cache_records():
        if _page_of(record.uri) in gone:
            records.remove_cache(record.pk)
    return sorted(gone)


def _page_of(uri: str) -> str:
    """The page that was executed; the cache knows its file, in the first language that was built."""
    return Path(uri).stem


def _read_keys(path: Path) -> dict[str, str] | None:
    """The keys of the last build; ``None`` where there are none, or none that can be read."""
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    plain = isinstance(known, dict) and all(isinstance(key, str) for key in known.values())
    return known if plain else None


def _write_keys(path: Path, keys: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(keys, indent=1) + "\n", "utf-8")
    fresh.replace(path)


def _sources(page: str, root: Path) -> list[Page]:
    paths = [root / "chapters" / language / f"{page}.md" for language in SITE_LANGUAGES]
    return [Page(path, path.read_text("utf-8")) for path in paths if path.is_file()]


def _included(source: Page) -> list[Path]:
    """Files that the page shows with ``literalinclude``."""
    paths = [Path(source.path.parent, name).resolve() for name in _INCLUDED.findall(source.text)]
    return [path for path in paths if path.is_file()]


def _needed_by_cell(cell: str, graph: ImportGraph) -> frozenset[str]:
    try:
        return graph.needed_by(cell)
    except SyntaxError:
        # A command of IPython or a mistake on purpose: it may import anything.
        return frozenset(graph.modules)


def _dependencies(page: str, root: Path, graph: ImportGraph) -> set[Path]:
    others = {path for source in _sources(page, root) for path in _included(source) if not graph.module_in(path)}
    return {*graph.files(page_modules(page, root, graph)), *others}


def _hash(graph: ImportGraph, files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(sorted(map(graph.digest, files)))).hexdigest()
