"""Few requests for a page: its style sheets become one file, and so do its scripts that wait.

A bundle's name holds the digest of its content: the same site gives the same files, and a browser may keep them.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

STATIC = "_static"
_IMPORT = re.compile(r'@import\s+(?:url\()?["\']([^"\']+)["\']\)?\s*;')
_URL = re.compile(r"url\((?![\"']?(?:data:|#|[a-z]+:|/))([\"']?)([^\"')]+)\1\)")
# The icons are drawn into the pages; without the theme's fonts nothing uses these.
_ICON_FONT = re.compile(r"@font-face\s*\{[^}]*Font ?Awesome[^}]*\}")
_ICON_RULE = re.compile(r"(?:\.fa-[\w-]+::?before,?)+\{content:\"[^\"]*\"\}")


def address_of(element: Tag) -> str | None:
    """The file of this site that a link or script loads; ``None`` for one elsewhere."""
    parts = urlsplit(str(element.get("href") or element.get("src") or ""))
    return None if parts.scheme or parts.netloc or not parts.path else parts.path


def style_text(folder: Path, address: str) -> str:
    """A style sheet as it reads in ``_static``: addresses in it changed, what it imports put in, icon fonts left out."""
    here = posixpath.dirname(address)

    def imported(match: re.Match[str]) -> str:
        return style_text(folder, posixpath.normpath(posixpath.join(here, match[1])))

    def moved(match: re.Match[str]) -> str:
        return f"url({match[1]}{posixpath.relpath(posixpath.join(here, match[2]), STATIC)}{match[1]})"

    text = _ICON_RULE.sub("", _ICON_FONT.sub("", (folder / address).read_text("utf-8")))
    # First the addresses: those of an imported sheet have been changed already.
    return _IMPORT.sub(imported, _URL.sub(lambda m: m[0] if _is_import(text, m) else moved(m), text))


def _is_import(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].rstrip().endswith("@import")


def put_bundle(folder: Path, text: str, suffix: str) -> str:
    """Write a bundle into ``_static``; returns its address."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    address = f"{STATIC}/bundle-{digest}{suffix}"
    (folder / address).write_text(text, "utf-8")
    return address


def take_place(elements: list[Tag], attribute: str, address: str) -> None:
    """Let the first of the elements load the bundle; the others go."""
    first, *others = elements
    first[attribute] = address
    for element in others:
        element.decompose()


def bundle_styles(page: BeautifulSoup, folder: Path, shorten: Callable[[str], str] = str) -> set[str]:
    """Make the page's style sheets one, in their order, and shorten it; returns the files it took the place of."""
    links = [each for each in page.select('link[rel="stylesheet"][href]') if address_of(each)]
    if not links:
        return set()
    addresses = [str(address_of(each)) for each in links]
    text = "\n".join(style_text(folder, address) for address in addresses)
    take_place(links, "href", put_bundle(folder, shorten(text), ".css"))
    return set(addresses)


def bundle_scripts(page: BeautifulSoup, folder: Path) -> set[str]:
    """Make the scripts of the page's head that wait one, in their order; returns the files it took the place of.

    A script that reads its own element's ``data-…`` attributes stays alone, and so do modules.
    """
    scripts = [
        each
        for each in page.select("head script[src][defer]")
        if address_of(each) and not any(name.startswith("data-") for name in each.attrs)
    ]
    if not scripts:
        return set()
    addresses = [str(address_of(each)) for each in scripts]
    # The semicolons keep one script's end from the next one's beginning, and its "use strict" from the others.
    text = "".join(f";{(folder / address).read_text('utf-8')}\n" for address in addresses)
    take_place(scripts, "src", put_bundle(folder, text, ".js"))
    return set(addresses)
