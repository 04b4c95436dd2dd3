"""One page in both languages, built in seconds: ``mlc preview STEM``.

The contents of such a build are the front page, the page and that of its exercises, so links to other pages do not resolve; ``make site``
says which of them are wrong. Results of executed cells are shared with the whole site.
"""

import os
import subprocess
from pathlib import Path

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.root import pages
from mlc_course.site.build.command import jupyter_book_command
from mlc_course.site.build.contents import ONLY_PAGE
from mlc_course.site.build.failures import explain
from mlc_ref.language import Language


def preview_folder(root: Path, language: Language) -> Path:
    """Where the page of one language lies after ``preview``."""
    return root / "_build" / "preview" / language / "_build" / "html"


def preview(root: Path, page: str) -> list[Path]:
    """Build a page, and the page of its exercises, in every language; returns the HTML files of the page.

    Raises:
        SiteError: there is no such page, or a cell failed; says where and what to do.
    """
    if page not in pages(root):
        raise SiteError(f"There is no page {page!r}. The course has: {', '.join(pages(root))}.")
    path = os.pathsep.join(filter(None, [str(root / "src"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "MLC_COURSE_ROOT": str(root), ONLY_PAGE: page}
    made = []
    for language in SITE_LANGUAGES:
        folder = preview_folder(root, language)
        command = [
            part for part in jupyter_book_command(root, language, strict=False) if part not in ("-W", "--keep-going")
        ]
        command[command.index("--path-output") + 1] = str(folder.parents[1])
        done = subprocess.run(
            command, cwd=root, env=environment, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SiteError(explain(done.stdout, root))
        made.append(folder / f"{page}.html")
    return made
