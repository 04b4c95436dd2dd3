"""Make pages light: what a page does not need is not loaded, and no script stands in the way of its first picture.

The theme loads 540 KB (compressed) of icon drawings to show sixteen icons, the search index on every page, and scripts
that stop the page from being drawn. Here the icons used are written into the pages, search files stay with
the search page, scripts wait until the page is read, and pictures are fetched when they come near.
"""

import json
import re
from functools import cache
from pathlib import Path

from mlc_course.content.errors import SiteError

ICONS = Path("_static", "scripts", "fontawesome.js")
SEARCH_FILES = ("searchtools.js", "language_data.js", "searchindex.js")
_ICON = re.compile(
    r'<(?P<tag>i|span) class="(?P<classes>[^"]*\b(?:fa-solid|fas|fab|fa-brands)\b[^"]*)"(?P<rest>[^>]*)></(?P=tag)>'
)
_NAME = re.compile(r"\bfa-(?!solid\b|brands\b|lg\b|fw\b)(?P<name>[a-z-]+)")
_SCRIPT = re.compile(r'<script (?![^>]*\b(?:defer|async|type)\b)(?P<rest>[^>]*\bsrc="(?P<path>[^"]+)"[^>]*)>')
_OPTIONS = re.compile(r'<script (?:defer )?[^>]*src="(?P<path>[^"?]*documentation_options\.js)[^"]*"></script>')
_PICTURE = re.compile(r'<img (?![^>]*\bloading=)(?P<rest>[^>]*\bsrc="(?P<path>[^"]+)"[^>]*)>')
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


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


def with_icons(html: str, icons: dict[str, tuple[int, int, str]]) -> str:
    """The page with its icons as drawings in their elements.

    Raises:
        SiteError: the theme has no icon of a name used.
    """

    def drawn(match: re.Match[str]) -> str:
        name = _NAME.search(match["classes"])
        if not name:
            return match[0]
        if name["name"] not in icons:
            raise SiteError(f"the icon {name[0]!r} is not among those of {ICONS}: got {match[0]!r}")
        width, height, path = icons[name["name"]]
        drawing = f'<svg class="mlc-icon" viewBox="0 0 {width} {height}" aria-hidden="true"><path d="{path}"/></svg>'
        return f'<{match["tag"]} class="{match["classes"]}"{match["rest"]}>{drawing}</{match["tag"]}>'

    return _ICON.sub(drawn, html)


def without_waiting(html: str, folder: Path, *, search: bool) -> str:
    """The page with scripts that wait until it is read; the search files only where ``search`` says so."""

    def deferred(match: re.Match[str]) -> str:
        return f"<script defer {match['rest']}>"

    names = (ICONS.name,) if search else (ICONS.name, *SEARCH_FILES)
    for name in names:
        html = re.sub(rf'<script [^>]*src="[^"]*\b{re.escape(name)}[^"]*"></script>\s*', "", html)
        html = re.sub(rf'<link [^>]*href="[^"]*\b{re.escape(name)}[^"]*"[^>]*/?>\s*', "", html)
    # Short scripts in the page read these options at once.
    html = _OPTIONS.sub(lambda match: f"<script>{(folder / match['path']).read_text('utf-8')}</script>", html)
    return _SCRIPT.sub(deferred, html)


def with_lazy_pictures(html: str, folder: Path) -> str:
    """Pictures of the article are fetched when they come near the window; the room they need is known before."""

    def lazy(match: re.Match[str]) -> str:
        path, size = folder / match["path"], ""
        if path.suffix == ".svg" and path.is_file() and not re.search(r"\b(?:width|height)=", match["rest"]):
            view = _VIEW.search(path.read_text("utf-8"))
            size = f'width="{float(view[1]):.0f}" height="{float(view[2]):.0f}" ' if view else ""
        return f'<img loading="lazy" decoding="async" {size}{match["rest"]}>'

    head, article, rest = html.partition("<article")
    return head + article + _PICTURE.sub(lazy, rest)


def with_theme(html: str) -> str:
    """The page in colours from the first moment: the reader's, and without scripts light ones.

    Without a choice the theme says ``auto``, for which it has no colours until its scripts have run.
    """
    system = 'matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"'
    html = html.replace('localStorage.getItem("theme") || "auto"', f'localStorage.getItem("theme") || ({system})')
    return re.sub(r'(<html\b[^>]*) data-theme="auto"', r'\1 data-theme="light"', html, count=1)


def lighten(folder: Path) -> None:
    """Make every page of one assembled language light and remove what no page loads any more."""
    script = folder / ICONS
    if not script.is_file():
        return
    icons = icon_paths(script)
    for page in folder.glob("*.html"):
        html = with_icons(page.read_text("utf-8"), icons)
        html = without_waiting(html, folder, search=page.stem == "search")
        # docutils wraps entries of a bibliography in a list and gives them a role that is no item of a list any more.
        html = html.replace(' role="doc-biblioentry"', ' role="listitem"')
        page.write_text(with_lazy_pictures(with_theme(html), folder), "utf-8")
    for gone in (*script.parent.glob(f"{ICONS.name}*"), *(folder / "_static").rglob("*.map")):
        gone.unlink(missing_ok=True)
