"""Write the notebooks of all pages into a folder: ``python -m mlc_course.site.notebooks.export DIR`` (Binder and Colab open them).

Outputs come from the execution cache where it has them. The folder gets ``en/`` and ``zh/``.
"""

import argparse
import sys
from pathlib import Path

import nbformat

from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import read_settings
from mlc_course.exercises.notebooks import build_notebooks
from mlc_course.root import course_root, pages
from mlc_course.site.build.execution_cache import CACHE
from mlc_course.site.notebooks.cached_outputs import cached_outputs, with_outputs
from mlc_course.site.notebooks.page_notebook import is_notebook, page_notebook
from mlc_ref.language import Language


def write_notebooks(root: Path, language: Language, target: Path, *, keep: bool = False) -> list[Path]:
    """Write one language's notebooks into ``target``; returns the files.

    Args:
        keep: leave files alone that exist: a reader works in them.
    """
    settings, written = read_settings(root), []
    target.mkdir(parents=True, exist_ok=True)
    for name in pages(root):
        page = root / "chapters" / language / f"{name}.md"
        if not is_notebook(page.read_text("utf-8")) or (keep and (target / f"{name}.ipynb").exists()):
            continue
        notebook = page_notebook(page, language, settings, root)
        outputs = cached_outputs(page, root / CACHE, language)
        if outputs is not None:
            notebook = with_outputs(notebook, outputs)
        written.append(target / f"{name}.ipynb")
        nbformat.write(notebook, written[-1])
    return written


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave notebooks alone that exist")
    parser.add_argument("--exercises", action="store_true", help="those of the exercises too, into exercises/")
    options = parser.parse_args(arguments)
    for language in SITE_LANGUAGES:
        folder = options.folder / language
        written = write_notebooks(course_root(), language, folder, keep=options.keep)
        if options.exercises:
            written += build_notebooks(options.folder, (language,), within="exercises", keep=options.keep)
        print(f"{len(written)} notebooks were written into {folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
