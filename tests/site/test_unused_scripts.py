"""Every script that is published is loaded by some page, or by a script that is loaded."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.site.build.page_weight import read_html
from mlc_course.site.build.unused_scripts import remove_unused_scripts, scripts_of

FILES = {
    "bundle-aa11.js": 'const kinds = {"chart": "bundle-bb22.js"}; later("./search/engine.js"); new URL("search/main.js", address);',
    "bundle-bb22.js": 'modules["widgets/chart.js"] = 1;',
    "bundle-cc33.js": "a bundle of pages that are gone",
    "search/engine.js": 'import Index from "../vendor/index.js";\nconst more = () => import("./more.js");\n',
    "search/main.js": "in the bundle",
    "search/more.js": "import '../plain.js';",
    "vendor/index.js": 'export { a } from "./circle.js";',
    "vendor/circle.js": 'import "./index.js";',
    "plain.js": "",
    "early.js": "",
    "widgets/chart.js": 'import { el } from "./dom.js";',
    "widgets/dom.js": "in the bundle too",
}
KEPT = {
    *("bundle-aa11.js", "bundle-bb22.js", "search/engine.js", "search/more.js"),
    *("vendor/index.js", "vendor/circle.js", "plain.js", "early.js"),
}
PAGE = (
    '<link rel="modulepreload" href="_static/early.js"><script src="_static/bundle-aa11.js?v=1" type="module"></script>'
    '<script src="https://elsewhere.example/_static/bundle-cc33.js"></script><link rel="x" href="_static/search/main.js">'
)


def test_scripts_stay_that_pages_load_or_loaded_scripts_load_and_no_others(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "_static" / "dom.css").touch()
    remove_unused_scripts(tmp_path, scripts_of(read_html(PAGE)))
    left = {path.relative_to(tmp_path / "_static").as_posix() for path in (tmp_path / "_static").rglob("*.js")}
    assert left == KEPT
    assert (tmp_path / "_static" / "dom.css").is_file()


def pages_with_all_widgets(folder: Path) -> list[str]:
    """Pages that together show every kind of widget, few of them."""
    kinds = {
        path.name: set(re.findall(r'data-widget="(\w+)"', path.read_text("utf-8"))) for path in folder.glob("*.html")
    }
    chosen: list[str] = []
    shown: set[str] = set()
    while missing := set().union(*kinds.values()) - shown:
        chosen.append(max(sorted(kinds), key=lambda name: len(kinds[name] & missing)))
        shown |= kinds[chosen[-1]]
    return chosen


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_a_browser_asks_for_every_published_script(visit: Callable, site: Path, base: str, language: str):
    visitor = visit()
    asked: set[str] = set()
    visitor.page.on("request", lambda request: asked.add(request.url.removeprefix(base).split("?")[0]))
    for name in pages_with_all_widgets(site / language):
        page = visitor.open(f"{language}/{name}")
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")  # draws all widgets, wherever they stand
        page.wait_for_function(
            "() => [...document.querySelectorAll('.mlc-widget[data-widget]')].every((each) => each.dataset.state)"
        )
    visitor.open(f"{language}/search.html?q=tile").wait_for_load_state("networkidle")
    published = {path.relative_to(site).as_posix() for path in site.glob(f"{language}/**/*.js")}
    assert published - asked == set()
    assert (visitor.errors, visitor.outside) == ([], [])
