"""Where the course's own files lie: chapters, exercises, contents."""

import os
from functools import cache
from pathlib import Path

import yaml

from mlc_ref.language import Text, TextError


class CourseNotFound(TextError, RuntimeError):
    """The folder with ``_toc.yml``, ``chapters/`` and ``exercises/`` cannot be found."""


def course_root() -> Path:
    """The repository's folder: what ``MLC_COURSE_ROOT`` says now, else the one this package lies in.

    Raises:
        CourseNotFound: with what to do.
    """
    return _course_root(os.environ.get("MLC_COURSE_ROOT"))


@cache
def _course_root(given: str | None) -> Path:
    candidates = [Path(given).resolve()] if given else list(Path(__file__).resolve().parents)
    for folder in candidates:
        if (folder / "_toc.yml").is_file() and (folder / "exercises").is_dir():
            return folder
    where = Text.code(f"MLC_COURSE_ROOT={given}") if given else _ABOVE
    raise CourseNotFound(_NOT_FOUND.format(where=where))


_ABOVE = Text("the folders above the installed package", "已安装的包的各级上层目录")
_NOT_FOUND = Text(
    "The course's files (_toc.yml, exercises/) are not in {where}. Clone the course's repository, "
    "run `pip install -e .` in it, or set MLC_COURSE_ROOT to the clone.",
    "在 {where} 中找不到课程的文件（_toc.yml、exercises/）。请克隆课程的仓库，并在其中运行 `pip install -e .`，"
    "或者把 MLC_COURSE_ROOT 设为克隆所在的目录。",
)


def pages(root: Path | None = None) -> list[str]:
    """Names of all pages in the order of ``_toc.yml``, without folder: ``index``, ``introduction``, …"""
    toc = yaml.safe_load(((root or course_root()) / "_toc.yml").read_text("utf-8"))
    found = [toc["root"]]
    for part in toc.get("parts", []):
        found += [chapter["file"] for chapter in part["chapters"]]
    found += [chapter["file"] for chapter in toc.get("chapters", [])]
    return [name.rsplit("/", 1)[-1] for name in found]


def stems(root: Path | None = None) -> list[str]:
    """The topics, in reading order: the pages of the contents that have a reference package."""
    root = root or course_root()
    return [page for page in pages(root) if (root / "src" / "mlc_ref" / page).is_dir()]
