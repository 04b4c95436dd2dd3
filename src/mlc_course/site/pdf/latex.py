"""How Sphinx writes the course as a book on paper; ``book.py`` makes the PDF.

Fonts are Debian's: DejaVu for text and code, Noto CJK for Chinese.
"""

import os
import shutil
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms.images import ImageConverter

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SiteLanguage, language_of
from mlc_course.site.pdf.widgets import WidgetText
from mlc_course.site.static_svg import in_light
from mlc_ref.language import Language

BOOKS = Path("_build", "pdf")
_PREAMBLE = r"""
\usepackage{xeCJK}
\setCJKmainfont{Noto Serif CJK SC}
\setCJKsansfont{Noto Sans CJK SC}
\setCJKmonofont{Noto Sans Mono CJK SC}
\xeCJKsetup{CheckSingle=true}
\makeatletter
\def\@makechapterhead#1{{\parindent0pt\raggedright\sffamily\bfseries\Huge\thechapter\quad #1\par\nobreak\vskip 24pt}}
\def\@makeschapterhead#1{{\parindent0pt\raggedright\sffamily\bfseries\Huge #1\par\nobreak\vskip 24pt}}
\makeatother
\setlength{\emergencystretch}{3em}
\fvset{fontsize=\footnotesize}
% Cells: code on a tint, what it printed without.
\newenvironment{sphinxVerbatimInput}{}{}
\newenvironment{sphinxVerbatimOutput}{\sphinxsetup{VerbatimColor={rgb}{1,1,1}}}{}
% A question does not begin where only its title has room.
\usepackage{needspace}
\AtBeginEnvironment{sphinxadmonition}{\needspace{7\baselineskip}}
% The page on references has a heading already.
\renewenvironment{sphinxthebibliography}[1]{\renewcommand{\chapter}[2]{}\begin{thebibliography}{#1}}{\end{thebibliography}}
"""
_CHINESE_NAMES = r"""
\gappto\captionsenglish{\renewcommand{\contentsname}{目录}\renewcommand{\bibname}{参考文献}\renewcommand{\partname}{部分}}
"""
# Sphinx takes the first part's name for that of the contents; quotation marks and dashes are as wide as other Latin signs.
_ENGLISH = r"""
\gappto\captionsenglish{\renewcommand{\contentsname}{Contents}}
\xeCJKDeclareCharClass{Default}{"2014, "2018, "2019, "201C, "201D, "2026}
"""
_FONTS = r"""
\setmainfont{DejaVu Serif}[Scale=0.88]
\setsansfont{DejaVu Sans}[Scale=0.88]
\setmonofont{DejaVu Sans Mono}[Scale=0.82]
"""


def book_name(language: Language) -> str:
    """The file of the book, ``mlc-en.pdf`` for instance."""
    return f"mlc-{language}.pdf"


def book_file(root: Path, language: Language) -> Path:
    """Where the finished book of one language lies."""
    return root / BOOKS / book_name(language)


class DrawingConverter(ImageConverter):
    """SVG drawings become PDF by librsvg, in their light colours."""

    conversion_rules = [("image/svg+xml", "application/pdf")]  # noqa: RUF012 - Sphinx reads it from the class
    # Before Sphinx decides what the builder cannot show.
    default_priority = 90

    def is_available(self) -> bool:
        return bool(shutil.which("rsvg-convert"))

    def convert(self, _from: os.PathLike[str] | str, _to: os.PathLike[str] | str) -> bool:
        light = in_light(Path(_from).read_text("utf-8")).encode()
        done = subprocess.run(["rsvg-convert", "--format=pdf", f"--output={_to}"], input=light, capture_output=True)
        if done.returncode:
            raise SiteError(f"{_from}: rsvg-convert could not draw it: {done.stderr.decode().strip()}")
        return True


def configure(config: Config, language: SiteLanguage) -> None:
    """Settings of Sphinx's LaTeX writer."""
    config.latex_engine = "xelatex"
    config.latex_show_urls = "no"
    config.latex_use_xindy = False
    config.latex_domain_indices = False
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "10pt",
        "fontpkg": _FONTS,
        "preamble": _PREAMBLE + (_CHINESE_NAMES if language.code == "zh" else _ENGLISH),
        "babel": r"\usepackage{polyglossia}\setmainlanguage{english}",
        "fncychap": "",
        "makeindex": "",
        "printindex": "",
        "figure_align": "H",
        "extraclassoptions": "openany,oneside",
        "sphinxsetup": "hmargin=2.2cm,vmargin=2.2cm,verbatimwithframe=false,VerbatimColor={rgb}{0.96,0.97,0.98},verbatimwrapslines=true",
    }


def _set_title(app: Sphinx, _environment: object) -> None:
    """Title and file of the book; Jupyter Book puts the English title there once Sphinx is set up."""
    language = language_of(Path(app.srcdir))
    name = book_name(language.code).replace(".pdf", ".tex")
    app.config.latex_documents = [("index", name, language.title, app.config.author, "manual")]


def _leave_out(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """What paper has no use for: lines that scripts fill in."""
    if app.builder.format == "latex":
        for node in list(doctree.findall(nodes.paragraph)):
            if "mlc-progress" in node["classes"]:
                node.parent.remove(node)


def setup_paper(app: Sphinx) -> None:
    app.add_post_transform(DrawingConverter)
    app.add_post_transform(WidgetText)
    app.connect("config-inited", lambda _app, config: configure(config, language_of(Path(app.srcdir))), priority=900)
    app.connect("env-updated", _set_title)
    app.connect("doctree-resolved", _leave_out)
