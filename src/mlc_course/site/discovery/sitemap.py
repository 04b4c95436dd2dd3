"""How the site is found: ``sitemap.xml`` with the languages of each page, and ``llms.txt``, a plain map of the course."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from bs4 import BeautifulSoup

from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import Settings
from mlc_ref.language import Language, Text

_INTRODUCTION = Text(
    "A bilingual course on machine learning compilation with Apache TVM. Its pages are notebooks that were executed when "
    "the site was built; each can be downloaded with its outputs. Code is licensed under Apache 2.0, text and figures under CC BY 4.0.",
    "用 Apache TVM 讲授机器学习编译的双语课程。每一页都是构建网站时执行过的笔记本，"
    "可以连同输出一起下载。代码采用 Apache 2.0 许可，文字与图采用 CC BY 4.0 许可。",
)
_PAGES, _NOTEBOOK = Text("Pages in English", "中文页面"), Text("notebook", "笔记本")


def sitemap(pages: list[str], settings: Settings) -> str:
    """The addresses of all pages, each with its address in every language; English is for readers of any other."""

    def url(language: str, page: str) -> str:
        return f"{settings.site_url}{language}/{page}.html"

    entries = []
    for page in pages:
        links = [(language.tag, url(code, page)) for code, language in SITE_LANGUAGES.items()]
        links.append(("x-default", url("en", page)))
        shown = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(href)}/>' for tag, href in links)
        entries += [f"<url><loc>{url(code, page)}</loc>{shown}</url>" for code in SITE_LANGUAGES]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(entries) + "\n</urlset>\n"
    )  # fmt: skip


def _entry(site: Path, language: Language, page: str, settings: Settings) -> str:
    text, _, _body = (site / language / f"{page}.html").read_text("utf-8").partition("</head>")
    head = BeautifulSoup(text, "html.parser")
    description = head.select_one('meta[name="description"][content]')
    name = head.title.get_text().split(" — ")[0].strip() if head.title else page
    line = f"- [{name}]({settings.site_url}{language}/{page}.html)"
    line += f": {description['content']}" if description else ""
    if (site / language / "notebooks" / f"{page}.ipynb").is_file():
        line += f" ([{_NOTEBOOK.get(language)}]({settings.site_url}{language}/notebooks/{page}.ipynb))"
    return line


def llms_text(site: Path, pages: list[str], settings: Settings) -> str:
    """The course in Markdown: what it is, and every page with its description, in both languages."""
    lines = [f"# {SITE_LANGUAGES['en'].title} · {SITE_LANGUAGES['zh'].title}", "", f"> {_INTRODUCTION.en}", ""]
    lines += [f"> {_INTRODUCTION.zh}", "", f"Source: {settings.repository_url}"]
    for language in SITE_LANGUAGES:
        lines += ["", f"## {_PAGES.get(language)}", ""]
        lines += [
            _entry(site, language, page, settings) for page in pages if (site / language / f"{page}.html").is_file()
        ]
    return "\n".join(lines) + "\n"


def write_maps(site: Path, pages: list[str], settings: Settings) -> None:
    """Write both into the assembled site."""
    (site / "sitemap.xml").write_text(sitemap(pages, settings), "utf-8")
    (site / "llms.txt").write_text(llms_text(site, pages, settings), "utf-8")
