"""Chinese for the interface: what Sphinx, the themes and the extensions leave in English."""

from gettext import NullTranslations

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import translators

# Keys are the English strings of the themes' templates.
PHRASES: dict[str, str] = {
    "Breadcrumb": "当前位置",
    "By": "作者：",
    "© Copyright %(copyright)s.": "版权所有 © %(copyright)s。",
    "Collapse Sidebar": "收起侧边栏",
    "Color mode": "颜色模式",
    "Contents": "目录",
    "Edition %(version)s of %(date)s": "版本 %(version)s，%(date)s",
    "Expand Sidebar": "展开侧边栏",
    "Home": "首页",
    "Link to this equation": "公式的链接",
    "Link to this heading": "标题的链接",
    "Link to this image": "图片的链接",
    "Link to this table": "表格的链接",
    "Link to this code": "代码的链接",
    "Link to this definition": "定义的链接",
    "Main": "章节",
    "Light": "浅色",
    "Dark": "深色",
    "On this page": "本页内容",
    "Print to PDF": "打印为 PDF",
    "Repository": "代码仓库",
    "Search": "搜索",
    "The search needs JavaScript. The contents and the glossary list what the course holds.": "搜索需要 JavaScript。课程内容见目录和术语表。",
    "Show or hide the pages below": "显示或隐藏下级页面",
    "Source repositories": "代码仓库",
    "Source repository": "代码仓库",
    "Suggest edit": "建议修改",
    "Open issue": "反馈问题",
    "Open an issue": "反馈问题",
    "Notebook": "笔记本",
    "Text under %(text)s, code under %(code)s.": "文字采用 %(text)s 许可，代码采用 %(code)s 许可。",
    "Take this page with you:": "下载本页：",
    "The course as PDF": "整门课程的 PDF",
    "System Settings": "跟随系统",
    "Toggle primary sidebar": "显示或隐藏章节目录",
    "Toggle secondary sidebar": "显示或隐藏本页目录",
    "next": "下一章",
    "next page": "下一页",
    "previous": "上一章",
    "previous page": "上一页",
}


class _Phrases(NullTranslations):
    """A catalogue that asks ``PHRASES`` first and the catalogue it was given second."""

    def __init__(self, fallback: NullTranslations) -> None:
        super().__init__()
        self.add_fallback(fallback)

    def gettext(self, message: str) -> str:
        return PHRASES.get(message) or super().gettext(message)


def install_phrases(app: Sphinx) -> None:
    """Put ``PHRASES`` before the catalogues of Sphinx and the book theme, which must be loaded already."""
    for catalogue in ("sphinx", "booktheme"):
        found = translators.get(("general", catalogue), NullTranslations())
        if not isinstance(found, _Phrases):
            translators["general", catalogue] = _Phrases(found)
    # Templates ask this one.
    app.translator = translators["general", "sphinx"]


def set_extension_strings(config: Config) -> None:
    """Chinese for extensions that take their strings from the configuration."""
    config.togglebutton_hint, config.togglebutton_hint_hide = "点击展开", "点击收起"
    config.nb_code_prompt_show, config.nb_code_prompt_hide = "显示{type}", "隐藏{type}"
