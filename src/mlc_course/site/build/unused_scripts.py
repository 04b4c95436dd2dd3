"""Scripts that no page loads any more, once bundles have taken their place, are not published."""

import posixpath
import re
from pathlib import Path

from bs4 import BeautifulSoup

from mlc_course.site.build.bundles import STATIC, address_of

# What a module imports, and what a bundle loads later (see script_modules); a kind of widget's bundle stands there by name.
_LOADED = re.compile(r"""(?:\bfrom|\bimport|\b(?:import|later)\()\s*["'](\.[\w./-]+\.js)["']|"(bundle-\w+\.js)\"""")


def scripts_of(page: BeautifulSoup) -> set[str]:
    """The addresses of the site's scripts that the elements of a page load."""
    elements = page.select('script[src], link[rel="modulepreload"], link[rel="preload"][as="script"]')
    return {posixpath.normpath(address) for element in elements if (address := address_of(element))}


def loaded(folder: Path, scripts: set[str]) -> set[str]:
    """The scripts, and those that they load in their turn."""
    found: set[str] = set()
    waiting = list(scripts)
    while waiting:
        address = waiting.pop()
        if address in found or not (folder / address).is_file():
            continue
        found.add(address)
        here = posixpath.dirname(address)
        for imported, bundle in _LOADED.findall((folder / address).read_text("utf-8")):
            waiting.append(posixpath.normpath(posixpath.join(here, imported or bundle)))
    return found


def remove_unused_scripts(folder: Path, scripts: set[str]) -> None:
    """Remove from ``_static`` every script that is loaded neither by a page nor by a script that is loaded.

    Args:
        folder: the pages of one language.
        scripts: what their elements load, see ``scripts_of``.
    """
    kept = loaded(folder, scripts)
    for path in (folder / STATIC).rglob("*.js"):
        if path.relative_to(folder).as_posix() not in kept:
            path.unlink()
