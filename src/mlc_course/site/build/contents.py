"""The order of the pages: ``_toc.yml`` names the English ones; each language gets its own version of it."""

import os
from pathlib import Path
from typing import Any

import yaml

from mlc_course.content.errors import SiteError
from mlc_course.site.exercises.pages import with_exercises
from mlc_ref.language import Language

PREFIX = "chapters/en/"
ONLY_PAGE = "MLC_PREVIEW"  # names the one page of a preview
# The one place where captions of the contents get their Chinese names.
CAPTIONS: dict[str, str] = {
    "First steps": "起步",
    "Foundations": "基础",
    "Search and import": "搜索与导入",
    "Making programs fast": "让程序变快",
    "Schedules": "调度",
    "End to end": "端到端",
    "Whole models": "完整模型",
    "Hardware": "硬件",
    "GPUs and accelerators": "GPU 与加速器",
    "Automation": "自动化",
    "Graphs": "计算图",
    "Reference": "参考",
}


def contents_for(toc: dict[str, Any], language: Language) -> dict[str, Any]:
    """The contents as ``chapters/<language>`` sees them: page names without folder, captions translated.

    Raises:
        SiteError: an entry is not below ``chapters/en/``, or a caption has no Chinese name.
    """
    return _translate(toc, language)


def _translate(entry: Any, language: Language) -> Any:
    if isinstance(entry, list):
        return [_translate(item, language) for item in entry]
    if not isinstance(entry, dict):
        return entry
    translated = {}
    for key, value in entry.items():
        if key in ("root", "file"):
            translated[key] = _page_name(value)
        elif key == "caption" and language == "zh":
            translated[key] = _caption(value)
        else:
            translated[key] = _translate(value, language)
    return translated


def _page_name(entry: str) -> str:
    if not entry.startswith(PREFIX):
        raise SiteError(
            f"_toc.yml: the entry {entry!r} must name an English page as {PREFIX}<name>, without ending; "
            "the other languages follow from it."
        )
    return entry.removeprefix(PREFIX)


def _caption(caption: str) -> str:
    if caption not in CAPTIONS:
        raise SiteError(
            f"_toc.yml: the caption {caption!r} has no Chinese name. "
            "Add it to CAPTIONS in src/mlc_course/site/build/contents.py."
        )
    return CAPTIONS[caption]


def write_contents(root: Path, language: Language | None, target: Path) -> None:
    """Write the contents, exercise pages included, to ``target``; an unchanged file is left alone.

    Args:
        language: whose folder the pages lie in; ``None`` for the root, which names whole paths as ``_toc.yml`` does.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    page = os.environ.get(ONLY_PAGE)
    if page:
        toc = {"format": "jb-book", "root": f"{PREFIX}index", "chapters": [{"file": f"{PREFIX}{page}"}]}
        toc = toc if page != "index" else {**toc, "chapters": []}
    toc = with_exercises(toc, root)
    contents = contents_for(toc, language) if language else toc
    text = yaml.safe_dump(contents, allow_unicode=True, sort_keys=False)
    if not target.exists() or target.read_text("utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
