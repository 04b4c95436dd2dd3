"""Put the built languages together into ``_site/``, with the root page and the page for wrong addresses."""

import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mlc_course.content.exercise_page_names import page_names
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import Settings, read_settings
from mlc_course.root import pages
from mlc_course.site.build.page_weight import lighten
from mlc_course.site.build.redirects import write_redirects
from mlc_course.site.discovery.sitemap import write_maps
from mlc_course.site.search.index import SEARCH_PAGE, join_languages

SITE = "_site"
# What readers have no use for: build records, sources (the repository has them), the theme's own templates.
LEFT_OUT = (
    *(".buildinfo*", "_sources", "reports", "objects.inv", "*webpack-macros.html"),
    *("searchindex.js", "searchtools.js", "language_data.js"),
)


def html_folder(root: Path, language: str) -> Path:
    """Where Jupyter Book puts the pages of one language."""
    return root / "_build" / "site" / language / "_build" / "html"


def render(template: str, settings: Settings) -> str:
    """One of the pages that belong to no language: ``root.html`` or ``404.html``."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    return environment.get_template(template).render(
        site_url=settings.site_url,
        mount=settings.mount,
        languages=list(SITE_LANGUAGES.values()),
        codes=list(SITE_LANGUAGES),
        **SITE_LANGUAGES,
    )


def _remove_former_pages(folder: Path, current: set[str]) -> None:
    """Jupyter Book leaves pages that are no longer in the contents in its output."""
    for page in folder.glob("*.html"):
        if page.stem not in current:
            page.unlink()


def assemble(root: Path) -> Path:
    """Make ``_site`` anew from the languages built so far; the old one stays until the new one is complete.

    Returns:
        The site's folder.
    """
    settings, site = read_settings(root), root / SITE
    fresh = root / "_build" / "site" / "assembled"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for language in SITE_LANGUAGES:
        html = html_folder(root, language)
        if html.is_dir():
            shutil.copytree(html, fresh / language, ignore=shutil.ignore_patterns(*LEFT_OUT))
            _remove_former_pages(fresh / language, {*pages(root), *page_names(root), SEARCH_PAGE})
            lighten(fresh / language)
    join_languages(fresh / language for language in SITE_LANGUAGES)
    (fresh / "index.html").write_text(render("root.html", settings), "utf-8")
    (fresh / "404.html").write_text(render("404.html", settings), "utf-8")
    write_redirects(root, fresh)
    write_maps(fresh, [*pages(root), *page_names(root)], settings)
    # Without this file GitHub Pages drops folders whose name begins with an underscore.
    (fresh / ".nojekyll").touch()
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)
    return site
