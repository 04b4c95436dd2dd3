"""When results of executed pages may be used again.

jupyter-cache knows the code cells of a page, but not the package they import or the packages that are
installed. A hash of both is kept beside the cache; where it differs, the cache is emptied.
"""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

CACHE = Path("_build", ".jupyter_cache")
KEY = Path("_build", ".execution_key")


def _hash(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in files if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def execution_key(root: Path) -> str:
    """Hash of everything outside a page that its results depend on: ``src/mlc_ref`` and ``requirements.lock``."""
    return _hash(root, [root / "requirements.lock", *(root / "src" / "mlc_ref").rglob("*")])


def machinery_key() -> str:
    """Hash of the code that turns pages into HTML; where it changes, pages are read again, but not executed."""
    package = Path(__file__).parents[2]
    return _hash(package, [path for part in ("site", "content") for path in (package / part).rglob("*")])


def refresh_cache(root: Path) -> str | None:
    """Empty the cache where the key differs from the one it was filled under.

    Returns:
        What was done, for the person who builds, or ``None`` where the cache stays.
    """
    key, key_file, cache = execution_key(root), root / KEY, root / CACHE
    known = key_file.read_text("utf-8").strip() if key_file.is_file() else ""
    if known == key:
        return None
    filled = cache.exists()
    shutil.rmtree(cache, ignore_errors=True)
    key_file.parent.mkdir(parents=True, exist_ok=True)
    key_file.write_text(key + "\n", "utf-8")
    return "src/mlc_ref or requirements.lock changed: all pages are executed anew" if filled else None
