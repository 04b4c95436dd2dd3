"""What pages say of themselves where they are shared: title, description and a picture with one of their figures."""

import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

from mlc_course.content.languages import SITE_LANGUAGES, SiteLanguage, language_of, page_prefix
from mlc_course.content.settings import Settings
from mlc_course.site.static_svg import CARD, card
from mlc_ref.language import Language, Text

CARDS = "_cards"
FRONT_PAGE_FIGURE = "introduction_chain"
_LOCALES: dict[Language, str] = {"en": "en_US", "zh": "zh_CN"}
_SUBTITLE = Text("A course with Apache TVM", "用 Apache TVM 学习的课程")
_DRAWN = re.compile(r"\.(?:en|zh)\.svg$")


def share_tags(title: str, description: str, url: str, image: str, language: SiteLanguage) -> str:
    """The elements other programs read to show a link to a page."""
    width, height = CARD
    others = [_LOCALES[code] for code in SITE_LANGUAGES if code != language.code]
    entries = [
        ("og:type", "article"), ("og:site_name", language.title), ("og:title", title), ("og:description", description),
        ("og:url", url), ("og:locale", _LOCALES[language.code]), *(("og:locale:alternate", other) for other in others),
        ("og:image", image), ("og:image:width", str(width)), ("og:image:height", str(height)), ("og:image:alt", title),
    ]  # fmt: skip
    tags = [f'<meta property="{name}" content="{escape(content)}" />' for name, content in entries if content]
    return "\n".join([*tags, '<meta name="twitter:card" content="summary_large_image" />', ""])


def figure_of(doctree: nodes.document, root: Path, language: Language, page: str) -> Path | None:
    """The first drawing of a page that has a script; the front page has one chosen for it."""
    if page == "index":
        names = [f"{FRONT_PAGE_FIGURE}.{language}.svg"]
    else:
        names = [Path(image["uri"]).name for image in doctree.findall(nodes.image) if _DRAWN.search(image["uri"])]
    paths = [root / "chapters" / "figures" / name for name in names]
    return next((path for path in paths if path.is_file()), None)


def picture(title: str, course: str, figure: Path | None) -> bytes:
    """The card as PNG."""
    # Only builds of the website need it.
    import resvg_py

    svg = card(title, course, figure.read_text("utf-8") if figure else None)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=CARD[0], height=CARD[1], font_family="DejaVu Sans"))


def _add_tags(app: Sphinx, page: str, _template: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is None or page_prefix(Path(app.srcdir)) or "/" in page:
        return
    settings: Settings = app.config.mlc_settings
    language, root = language_of(Path(app.srcdir)), Path(app.config.mlc_root)
    title = context.get("title", language.title)
    if page == "index":
        # The theme would write the course's title twice.
        context["docstitle"] = _SUBTITLE.get(language.code)
    plain = BeautifulSoup(title, "html.parser").get_text()
    image = f"{settings.site_url}{language.code}/{CARDS}/{page}.png"
    found = BeautifulSoup(context.get("metatags", ""), "html.parser").select_one('meta[name="description"][content]')
    description = str(found["content"]) if found else ""
    tags = share_tags(plain, description, context["pageurl"], image, language)
    context["metatags"] = context.get("metatags", "") + tags
    target = Path(app.outdir, CARDS, f"{page}.png")
    target.parent.mkdir(parents=True, exist_ok=True)
    course = _SUBTITLE.get(language.code) if page == "index" else language.title
    target.write_bytes(picture(plain, course, figure_of(doctree, root, language.code, page)))


def setup_cards(app: Sphinx) -> None:
    # After the description has been put into the page's head.
    app.connect("html-page-context", _add_tags, priority=600)
