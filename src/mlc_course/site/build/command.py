"""Build the website: ``python -m mlc_course.site.build [--lang en|zh|all] [--strict] [--solutions 0|1]``.

Runs Jupyter Book for English, then Chinese, over one execution cache (together they would both execute), with
warnings as errors; then puts both together in ``_site/``.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.root import CourseNotFound, course_root
from mlc_course.site.build.assemble import assemble, html_folder
from mlc_course.site.build.failures import explain
from mlc_course.site.build.preflight import require_sound
from mlc_course.site.exercises.pages import SOLUTIONS
from mlc_ref.language import Language

_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


def output_folder(root: Path, language: Language, builder: str = "html") -> Path:
    """Where Jupyter Book puts what it builds: the website's pages, or LaTeX for the book on paper."""
    if builder == "html":
        return html_folder(root, language)
    return root / "_build" / "paper" / language / "_build" / builder


def jupyter_book_command(root: Path, language: Language, strict: bool, builder: str = "html") -> list[str]:
    """The stock command that builds one language."""
    command = [
        *(sys.executable, "-c", _JUPYTER_BOOK, "build", str(root / "chapters" / language)),
        *("--config", str(root / "_config.yml"), "--toc", str(root / "_toc.yml")),
        *("--path-output", str(output_folder(root, language, builder).parents[1]), "-W", "--keep-going"),
    ]
    if builder != "html":
        command += ["--builder", "custom", "--custom-builder", builder]
    return [*command, "--all"] if strict else command


def build_language(
    root: Path,
    language: Language,
    *,
    strict: bool = False,
    echo: bool = True,
    solutions: bool = True,
    builder: str = "html",
) -> None:
    """Build the pages of one language.

    Args:
        strict: read every page anew, as in a fresh clone (nothing is executed that the cache has).
        solutions: whether the pages of the exercises show the reference solutions.
        echo: pass on what Jupyter Book prints.
        builder: ``html`` for the website, ``latex`` for the book on paper.

    Raises:
        SiteError: the build failed or gave a warning; says where and what to do.
    """
    # The package's folder goes first: kernels import the `mlc_ref` of the tree that is built.
    path = os.pathsep.join(filter(None, [str(root / "src"), os.environ.get("PYTHONPATH")]))
    environment = {
        **os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1",
        "MLC_COURSE_ROOT": str(root), SOLUTIONS: str(int(solutions)),
    }  # fmt: skip
    process = subprocess.Popen(
        jupyter_book_command(root, language, strict, builder),
        cwd=root, env=environment, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if echo:
            print(line, end="", flush=True)
    if process.wait() != 0:
        # Sphinx does not repeat warnings of pages it has read before: the next build must read all again.
        shutil.rmtree(output_folder(root, language, builder).parent / ".doctrees", ignore_errors=True)
        raise SiteError(explain("".join(lines), root))


def build(
    root: Path, languages: list[Language], *, strict: bool = False, echo: bool = True, solutions: bool = True
) -> Path:
    """Build the languages in turn and assemble the site; returns its folder.

    Args:
        strict, echo, solutions: as ``build_language`` takes them.

    Raises:
        SiteError: as ``build_language``, or ``preflight`` finds something in the sources. ``_site`` is untouched then.
    """
    require_sound(root, languages)
    for language in languages:
        build_language(root, language, strict=strict, echo=echo, solutions=solutions)
    return assemble(root)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m mlc_course.site.build", description="Build the website.")
    parser.add_argument("--lang", choices=[*SITE_LANGUAGES, "all"], default="all", help="languages to build")
    parser.add_argument("--strict", action="store_true", help="read every page anew, as in a fresh clone")
    parser.add_argument(
        "--solutions", choices=["0", "1"], default="1", help="0 leaves the reference solutions of the exercises out"
    )
    options = parser.parse_args(arguments)
    languages = list(SITE_LANGUAGES) if options.lang == "all" else [options.lang]
    try:
        root = course_root()
        site = build(root, languages, strict=options.strict, solutions=options.solutions == "1")
    except (SiteError, CourseNotFound) as error:
        print(f"\nThe website was not built. {error}", file=sys.stderr)
        return 1
    print(f"The website is in {site}. See it with: python -m mlc_course.site.build.serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
