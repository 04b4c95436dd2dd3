"""Addresses that were published stay: ``chapters/addresses.txt`` lists them, tests hold them.

A line is a page or a place on it, below a language's folder (``gpu.html``, ``gpu.html#gpu-warps``), or a redirect
``old.html -> new.html``. A page that moves gets a redirect; a heading whose label changes keeps its old label above the new one.

    python -m mlc_course.content.addresses          pages and headings the list lacks, addresses the built site lost
    python -m mlc_course.content.addresses --add    add what is new, from the sources and from the site if it is built
"""

import argparse
import re
import sys
from pathlib import Path

from mlc_course.content.errors import SiteError
from mlc_course.content.exercise_items import exercise_items
from mlc_course.content.exercise_page_names import page_name, sets_with_page
from mlc_course.content.pages import anchor_of, read_page
from mlc_course.root import course_root, pages

LIST = Path("chapters", "addresses.txt")
_SECTION = re.compile(r'<section id="([\w-]+)"')
_PLACE = re.compile(r"[\w-]+\.html(?:#[\w-]+)?")


def read_addresses(text: str) -> tuple[list[str], dict[str, str]]:
    """The published addresses and the redirects.

    Raises:
        SiteError: a line is neither, or a redirect leads to a redirect.
    """
    addresses: list[str] = []
    redirects: dict[str, str] = {}
    for line in (each.strip() for each in text.splitlines()):
        old, arrow, new = (part.strip() for part in line.partition("->"))
        if not line or line.startswith("#"):
            continue
        if not _PLACE.fullmatch(old) or (arrow and ("#" in old or not _PLACE.fullmatch(new))):
            raise SiteError(
                f"{LIST}: got {line!r}, allowed are 'page.html', 'page.html#place' and 'old.html -> new.html'"
            )
        if arrow:
            redirects[old] = new
        else:
            addresses.append(old)
    chained = [old for old, new in redirects.items() if new.partition("#")[0] in redirects]
    if chained:
        raise SiteError(
            f"{LIST}: {chained[0]} is redirected to another redirect; name the page it leads to in the end."
        )
    return addresses, redirects


def addresses_of(folder: Path) -> list[str]:
    """All pages of one built language and the sections on them. Sections without a label of their own are left out."""
    found = []
    for page in sorted(folder.glob("*.html")):
        text = page.read_text("utf-8")
        if 'http-equiv="refresh"' not in text and page.stem != "search":
            found += [page.name, *(f"{page.name}#{anchor}" for anchor in _SECTION.findall(text))]
    return found


def addresses_in_sources(root: Path) -> list[str]:
    """All pages of the contents, the labelled headings on them but their titles, and the pages of exercises with their items."""
    found = []
    for name in pages(root):
        _title, *headings = read_page(name, "en", root).heading_labels or [""]
        found += [f"{name}.html", *(f"{name}.html#{anchor_of(label)}" for label in headings)]
    for stem in sets_with_page(root):
        page = page_name(stem)
        items = [anchor_of(f"{page}-{item}") for item, _ in exercise_items(stem, root)]
        found += [f"{page}.html", *(f"{page}.html#{item}" for item in items)]
    return found


def unlisted_addresses(root: Path) -> list[str]:
    """Pages and headings of the sources that ``chapters/addresses.txt`` does not name, in the order of the pages."""
    path = root / LIST
    listed = set(read_addresses(path.read_text("utf-8") if path.is_file() else "")[0])
    return [address for address in addresses_in_sources(root) if address not in listed]


def lost_addresses(folder: Path, addresses: list[str], redirects: dict[str, str]) -> list[str]:
    """Published addresses that lead nowhere in one built language."""
    lost = []
    for address in addresses:
        page, _, place = redirects.get(address.partition("#")[0], address).partition("#")
        path = folder / page
        if not path.is_file() or (place and f'id="{place}"' not in path.read_text("utf-8")):
            lost.append(address)
    return lost


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--add", action="store_true", help="add the addresses of the built site that are not in the list"
    )
    options = parser.parse_args(arguments)
    root = course_root()
    folder, path = root / "_site" / "en", root / LIST
    text = path.read_text("utf-8") if path.is_file() else ""
    addresses, redirects = read_addresses(text)
    new = unlisted_addresses(root)
    if folder.is_dir():
        known = {*addresses, *new}
        new += [address for address in addresses_of(folder) if address not in known]
        for address in lost_addresses(folder, addresses, redirects):
            print(f"lost: {address}")
    else:
        print(f"There is no website in {folder}: whether an address is lost is not known. Build it with: make site")
    for address in new:
        print(f"new: {address}")
    if options.add and new:
        path.write_text(text + "".join(f"{address}\n" for address in new), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
