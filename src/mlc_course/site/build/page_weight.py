"""Make pages light: what a page does not need is not loaded, and no script stands in the way of its first picture.

The theme loads 540 KB (compressed) of icon drawings to show sixteen icons, 270 KB of fonts for the signs of boxes, thirteen
style sheets, and scripts that stop the page from being drawn. Here the icons used are written into the pages, scripts wait
until the page is read, style sheets and scripts are bundled, and pictures are fetched when they come near.
"""

import json
import re
import shutil
from functools import cache, partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from mlc_course.content.errors import SiteError
from mlc_course.site.build.bundles import bundle_scripts, bundle_styles
from mlc_course.site.build.script_modules import ModuleBundles
from mlc_course.site.build.unused_scripts import remove_unused_scripts, scripts_of
from mlc_course.site.build.unused_styles import without_unused, words_in_use
from mlc_course.site.static_svg import view_box

ICONS = Path("_static", "scripts", "fontawesome.js")
ICON_FONTS = Path("_static", "vendor", "fontawesome")
# The signs of boxes, by the class of the box; any other box has a bell.
SIGNS = {
    "tip": "lightbulb", "hint": "lightbulb", "note": "circle-info", "seealso": "share", "important": "circle-exclamation",
    "attention": "circle-exclamation", "warning": "triangle-exclamation", "caution": "triangle-exclamation",
    "danger": "triangle-exclamation", "error": "circle-xmark", "exercise": "pencil",
}  # fmt: skip
_OTHER_SIGN = "bell"
_OPTIONS = "documentation_options.js"
_ICON_SETS = {"fa-solid", "fas", "fab", "fa-brands"}
_NO_ICONS = _ICON_SETS | {"fa-lg", "fa-fw"}
_STORED_THEME = 'localStorage.getItem("theme") || '
_SYSTEM_THEME = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'


@cache
def icon_paths(script: Path) -> dict[str, tuple[int, int, str]]:
    """Width, height and path of every icon in the theme's script."""
    text = script.read_text("utf-8")
    found = re.findall(r'"?([a-z][a-z0-9-]*)"?:\[(\d+),(\d+),(\[[^\]]*\]),"[0-9a-f]+","([^"]+)"\]', text)
    icons: dict[str, tuple[int, int, str]] = {}
    for name, width, height, others, path in found:
        for each in (name, *(alias for alias in json.loads(others) if isinstance(alias, str))):
            icons.setdefault(each, (int(width), int(height), path))
    return icons


def read_html(html: str) -> BeautifulSoup:
    """The page as a tree; ``str`` writes it out again.

    A class stays one text, white space stays, and of an attribute written twice the first counts, as in browsers.
    """
    return BeautifulSoup(
        html,
        "html.parser",
        multi_valued_attributes=None,
        preserve_whitespace_tags={"html"},
        on_duplicate_attribute="ignore",
    )


def draw_icons(page: BeautifulSoup, icons: dict[str, tuple[int, int, str]]) -> None:
    """Put the drawing of each icon into its element.

    Raises:
        SiteError: the theme has no icon of a name used.
    """
    for element in page.find_all(["i", "span"], class_=True):
        classes = str(element["class"]).split()
        names = [name for name in classes if name.startswith("fa-") and name not in _NO_ICONS]
        if element.contents or not _ICON_SETS & set(classes) or not names:
            continue
        name = names[0].removeprefix("fa-")
        if name not in icons:
            raise SiteError(f"the icon {names[0]!r} is not among those of {ICONS}: got {str(element)!r}")
        element.append(_drawing(page, icons[name]))


def _drawing(page: BeautifulSoup, icon: tuple[int, int, str]) -> Tag:
    width, height, path = icon
    view = {"class": "mlc-icon", "viewBox": f"0 0 {width} {height}", "aria-hidden": "true"}
    drawing = page.new_tag("svg", attrs=view)
    drawing.append(page.new_tag("path", attrs={"d": path}))
    return drawing


def draw_signs(page: BeautifulSoup, icons: dict[str, tuple[int, int, str]]) -> None:
    """Put the drawing of its sign into the title of each box.

    Raises:
        SiteError: the theme has no icon for a sign.
    """
    for title in page.select(".admonition > .admonition-title"):
        classes = str(title.parent["class"]).split() if title.parent else []
        name = next((SIGNS[each] for each in classes if each in SIGNS), _OTHER_SIGN)
        if name not in icons:
            raise SiteError(f"the sign {name!r} is not among the icons of {ICONS}")
        title.insert(0, _drawing(page, icons[name]))


def defer_scripts(page: BeautifulSoup, folder: Path) -> None:
    """Let scripts wait until the page is read; leave out the icons."""
    for element in page.select("script[src], link[href]"):
        address = urlsplit(str(element.get("src") or element["href"])).path
        name = PurePosixPath(address).name
        if name == ICONS.name:
            element.decompose()
        elif name == _OPTIONS:  # short scripts in the page read these options at once
            element.attrs.clear()
            element.string = (folder / address).read_text("utf-8")
        elif element.name == "script" and not {"defer", "async", "type"} & set(element.attrs):
            element["defer"] = ""


def fetch_pictures_late(page: BeautifulSoup, folder: Path) -> None:
    """Pictures of the article are fetched when they come near the window; the room they need is known before."""
    for picture in page.select("article img[src]:not([loading])"):
        picture["loading"], picture["decoding"] = "lazy", "async"
        path = folder / str(picture["src"])
        if path.suffix == ".svg" and path.is_file() and not {"width", "height"} & set(picture.attrs):
            size = view_box(path.read_text("utf-8"))
            if size:
                picture["width"], picture["height"] = (f"{length:.0f}" for length in size)


def set_theme(page: BeautifulSoup) -> None:
    """Give the page its colours from the first moment: the reader's, and without scripts light ones.

    Without a choice the theme says ``auto``, for which it has no colours until its scripts have run.
    """
    for script in page.find_all("script", src=False):
        if script.string and f'{_STORED_THEME}"auto"' in script.string:
            script.string = script.string.replace(f'{_STORED_THEME}"auto"', _STORED_THEME + _SYSTEM_THEME)
    for root in page.select('html[data-theme="auto"]'):
        root["data-theme"] = "light"


def lighten(folder: Path) -> None:
    """Make every page of one assembled language light and remove what no page loads any more."""
    script = folder / ICONS
    if not script.is_file():
        return
    icons, modules = icon_paths(script), ModuleBundles(folder)
    bundled, scripts = set[str](), set[str]()
    shorten = cache(partial(without_unused, used=words_in_use(folder)))
    for path in folder.glob("*.html"):
        page = read_html(path.read_text("utf-8"))
        draw_icons(page, icons)
        draw_signs(page, icons)
        defer_scripts(page, folder)
        bundled |= bundle_styles(page, folder, shorten) | bundle_scripts(page, folder)
        modules.bundle(page)
        scripts |= scripts_of(page)
        fetch_pictures_late(page, folder)
        set_theme(page)
        # docutils wraps entries of a bibliography in a list and gives them a role that is no item of a list any more.
        for entry in page.select('[role="doc-biblioentry"]'):
            entry["role"] = "listitem"
        path.write_text(str(page), "utf-8")
    shutil.rmtree(folder / ICON_FONTS, ignore_errors=True)
    for address in bundled:
        (folder / address).unlink()
    remove_unused_scripts(folder, scripts)
    for gone in (*script.parent.glob(f"{ICONS.name}*"), *(folder / "_static").rglob("*.map")):
        gone.unlink(missing_ok=True)
