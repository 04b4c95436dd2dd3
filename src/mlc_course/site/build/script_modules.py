"""Few requests for modules: those a page loads at once become one file, and so does what a kind of widget needs.

In the sources, modules import one another, and ``widgets/main.js`` imports the code of a widget when it comes near the
window. On the built site both kinds are bundles: the page's modules in one file, and beside it one for each kind of widget.
"""

import json
import posixpath
import re
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup

from mlc_course.content.errors import SiteError
from mlc_course.site.build.bundles import STATIC, address_of, put_bundle, take_place
from mlc_ref.viz.scripts import join

WIDGETS = "widgets"
_DRAWS = re.compile(r"^export default (?:async )?function mount\b", re.M)
_ON_DEMAND = "(await import(`./${name}.js`)).default"
_LATER = re.compile(r'\bimport\("(\.[\w./]+)"\)')
_BEGIN = "const address = import.meta.url;\nconst later = (path) => import(path);\n"
# What runs on the reader's GPU shares its device, so it shares a bundle: a second copy of this module would open another.
_TOGETHER, _DEVICE = "webgpu", f'modules["{WIDGETS}/webgpu/device.js"] = '


def widget_groups(folder: Path) -> dict[str, list[str]]:
    """The kinds of widgets whose code is one bundle, by the bundle's name."""
    groups: dict[str, list[str]] = {}
    for path in sorted((folder / STATIC / WIDGETS).glob("*.js")):
        if _DRAWS.search(path.read_text("utf-8")):
            uses_device = _DEVICE in join((f"{WIDGETS}/{path.name}",), folder / STATIC)
            groups.setdefault(_TOGETHER if uses_device else path.stem, []).append(path.stem)
    return groups


class ModuleBundles:
    """Writes the bundles of one language's pages into its ``_static``, each once."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._pages: dict[tuple[str, ...], str] = {}

    @cached_property
    def _widgets(self) -> dict[str, str]:
        """The file in ``_static`` that holds the code of each kind of widget."""
        found: dict[str, str] = {}
        pages = "".join(path.read_text("utf-8") for path in self._folder.rglob("*.html"))
        for group in widget_groups(self._folder).values():
            # What no page shows would make the bundle of those beside it heavier.
            names = [name for name in group if f'data-widget="{name}"' in pages] or group
            text = join((f"{WIDGETS}/{name}.js" for name in names), self._folder / STATIC)
            given = "".join(f'export const {name} = modules["{WIDGETS}/{name}.js"].default;\n' for name in names)
            found |= dict.fromkeys(names, posixpath.basename(put_bundle(self._folder, text + given, ".js")))
        return found

    def bundle(self, page: BeautifulSoup) -> None:
        """Make the modules of a page one file. The single files stay; ``unused_scripts`` removes those that nothing loads.

        Raises:
            SiteError: ``widgets/main.js`` loads the code of a widget in another way than expected here, or there is no code
                for a widget of the page.
        """
        self._require_code(page)
        scripts = [each for each in page.select('script[src][type="module"]') if address_of(each)]
        if scripts:
            entries = tuple(posixpath.relpath(str(address_of(each)), STATIC) for each in scripts)
            if entries not in self._pages:
                text = join(entries, self._folder / STATIC, self._from_bundle)
                self._pages[entries] = put_bundle(self._folder, f"{_BEGIN}{text}", ".js")
            take_place(scripts, "src", self._pages[entries])

    def _require_code(self, page: BeautifulSoup) -> None:
        kinds = {str(widget["data-widget"]) for widget in page.select(".mlc-widget[data-widget]")}
        if kinds and (unknown := sorted(kinds - set(self._widgets))):
            title = page.title.get_text().strip() if page.title else "a page without a title"
            raise SiteError(
                f"{title}: shows widgets {', '.join(unknown)}, for which {STATIC}/{WIDGETS} has no code; there is code for "
                f"{', '.join(sorted(self._widgets)) or 'none'}. Add <name>.js with 'export default function mount'."
            )

    def _from_bundle(self, path: str, text: str) -> str:
        """A module's text in which what it loads later, and its own address, are seen from the bundle."""
        here = posixpath.dirname(path)
        if path == f"{WIDGETS}/main.js":
            if text.count(_ON_DEMAND) != 1:
                raise SiteError(f"{path}: allowed is {_ON_DEMAND} once, got it {text.count(_ON_DEMAND)} times.")
            text = text.replace(_ON_DEMAND, f"(await later(`./${{{json.dumps(self._widgets)}[name]}}`))[name]")
        text = _LATER.sub(lambda match: f'later("./{posixpath.normpath(posixpath.join(here, match[1]))}")', text)
        return text.replace("import.meta.url", f'new URL("{path}", address)')
