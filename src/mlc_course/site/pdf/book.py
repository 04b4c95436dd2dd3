"""Make the course's PDF books: ``python -m mlc_course.site.pdf.book [--lang en|zh|all]`` (``make pdf``).

Jupyter Book writes LaTeX from the same pages and the same execution cache as the website; latexmk and XeLaTeX set it.
The books lie in ``_build/pdf/``; a website that is assembled later offers them.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.root import CourseNotFound, course_root
from mlc_course.site.build.command import build_language, output_folder
from mlc_course.site.build.preflight import require_sound
from mlc_course.site.pdf.latex import book_file, book_name
from mlc_ref.language import Language

PROGRAMS = {
    "latexmk": "latexmk",
    "xelatex": "texlive-xetex texlive-lang-chinese texlive-latex-extra texlive-fonts-recommended",
    "rsvg-convert": "librsvg2-bin",
}


def missing_programs() -> list[str]:
    """Debian packages of the programs that are not there."""
    return [packages for program, packages in PROGRAMS.items() if not shutil.which(program)]


def typeset(latex: Path, language: Language) -> Path:
    """Run XeLaTeX over the book as often as its references need.

    Raises:
        SiteError: with the first errors of TeX's log.
    """
    name = Path(book_name(language)).stem
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "-silent", f"{name}.tex"]
    done = subprocess.run(command, cwd=latex, capture_output=True, text=True, errors="replace")
    log = latex / f"{name}.log"
    if done.returncode or not (latex / f"{name}.pdf").is_file():
        lines = log.read_text("utf-8", errors="replace").splitlines() if log.is_file() else [done.stderr]
        errors = [line for i, line in enumerate(lines) if line.startswith("!") or (i and lines[i - 1].startswith("!"))]
        raise SiteError(f"{log}: the book in {language!r} could not be set:\n" + "\n".join(errors[:8] or lines[-8:]))
    return latex / f"{name}.pdf"


def make_book(root: Path, language: Language) -> Path:
    """Write and set the book in one language; returns the PDF."""
    build_language(root, language, builder="latex")
    made = typeset(output_folder(root, language, "latex"), language)
    target = book_file(root, language)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)
    return target


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m mlc_course.site.pdf.latex", description="Set the course as PDF.")
    parser.add_argument("--lang", choices=[*SITE_LANGUAGES, "all"], default="all", help="languages to set")
    options = parser.parse_args(arguments)
    missing = missing_programs()
    if missing:
        print(
            f"Programs are missing. On Debian or Ubuntu: apt-get install {' '.join(missing)} fonts-noto-cjk",
            file=sys.stderr,
        )
        return 1
    try:
        root = course_root()
        languages = list(SITE_LANGUAGES) if options.lang == "all" else [options.lang]
        require_sound(root, languages)
        for language in languages:
            print(f"The book is {make_book(root, language)}.")
    except (SiteError, CourseNotFound) as error:
        print(f"\nThe book was not made. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
