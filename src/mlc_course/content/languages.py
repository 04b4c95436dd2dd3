"""The languages of the site, and which of them a build is for."""

from dataclasses import dataclass
from pathlib import Path

from mlc_ref.language import Language


@dataclass(frozen=True)
class SiteLanguage:
    """One language of the site.

    Attributes:
        code: name of its folders, ``chapters/<code>`` and ``_site/<code>``.
        sphinx: Sphinx's name of it.
        tag: the tag browsers and search engines use (BCP 47).
        label: its own name of itself, for the switcher.
        title: the title of the course.
        search_hint: what stands in the empty search field.
    """

    code: Language
    sphinx: str
    tag: str
    label: str
    title: str
    search_hint: str

    @property
    def archive(self) -> str:
        """Address of the archive of all its notebooks, below its folder."""
        return f"downloads/mlc-course-{self.code}.zip"


SITE_LANGUAGES: dict[Language, SiteLanguage] = {
    "en": SiteLanguage("en", "en", "en", "English", "Machine Learning Compilation", "Search this course …"),
    "zh": SiteLanguage("zh", "zh_CN", "zh-CN", "简体中文", "机器学习编译", "搜索本课程……"),
}


def language_of(source: Path) -> SiteLanguage:
    """The language of a source folder: ``chapters/<code>`` is in that language, everything else in English."""
    if source.parent.name == "chapters":
        for language in SITE_LANGUAGES.values():
            if language.code == source.name:
                return language
    return SITE_LANGUAGES["en"]


def page_prefix(source: Path) -> str:
    """What stands before a page's name in a build of ``source``: the bare build of the root names whole paths."""
    return "" if source.parent.name == "chapters" else "chapters/en/"
