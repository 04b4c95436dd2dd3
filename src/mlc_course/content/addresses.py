"""Addresses that were published stay: ``chapters/addresses.txt`` lists them, tests hold them.

A line is a page or a place on it, below a language's folder (``gpu.html``, ``gpu.html#gpu-warps``), or a redirect
``old.html -> new.html``. A page that moves gets a redirect; a heading whose label changes keeps its old label above the new one.

    python -m mlc_course.content.addresses          what the built site has that the list lacks, and the reverse
    python -m mlc_course.content.addresses --add    add what is new
"""

import argparse
import re
import sys
from pathlib import Path

from mlc_course.content.errors import SiteError
from mlc_course.root import course_root

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
    root, language = course_root(), "en"
    folder, path = root / "_site" / language, root / LIST
    if not folder.is_dir():
        print(f"There is no website in {folder}. Build it first: make site", file=sys.stderr)
        return 1
    text = path.read_text("utf-8") if path.is_file() else ""
    addresses, redirects = read_addresses(text)
    new = [address for address in addresses_of(folder) if address not in addresses]
    for address in lost_addresses(folder, addresses, redirects):
        print(f"lost: {address}")
    for address in new:
        print(f"new: {address}")
    if options.add and new:
        path.write_text(text + "".join(f"{address}\n" for address in new), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
