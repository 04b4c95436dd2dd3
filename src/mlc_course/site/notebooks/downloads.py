"""Files a page offers: its notebook, the notebooks of the exercises, and all of them in one archive.

* ``{exercise-download}`the notebook <schedules>` `` links the exercise notebook of a stem in the page's language.
  Where the notebooks have not been built (``_build/exercises/<language>/``), the link leads to the exercise's source
  in the repository instead. The pages of the exercises use it; chapters link those pages.
* ``{course-download}`one archive` `` links the archive of all notebooks in the page's language.
* ``{repository-file}`the rules <CONTRIBUTING.md>` `` links a file of the repository.
"""

import os
import shutil
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole, SphinxRole

from mlc_course.content.exercise_page_names import is_exercise_page, set_of_page
from mlc_course.content.languages import language_of, page_prefix
from mlc_course.content.settings import Settings
from mlc_course.site.notebooks.cached_outputs import cached_outputs, with_outputs
from mlc_course.site.notebooks.page_notebook import is_notebook, page_notebook
from mlc_course.site.pdf.latex import book_file, book_name
from mlc_ref.language import Language
from mlc_ref.viz.widget import PAGES

NOTEBOOKS, EXERCISES = "notebooks", "exercises"
# The publish workflow puts the executed notebooks there: Colab opens files of a repository only.
COLAB_BRANCH = "notebooks"
# Files of an archive bear this date, so that the same notebooks make the same archive.
NO_DATE = (1980, 1, 1, 0, 0, 0)


class exercise_link(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """A link to an exercise notebook whose address is only known when pages are written."""


class course_link(nodes.Inline, nodes.TextElement):  # noqa: N801
    """A link to the archive of all notebooks."""


class ExerciseDownload(ReferenceRole):
    """The role ``{exercise-download}``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not self.target.replace("_", "").isalnum():
            message = f"exercise-download: got {self.target!r}, expected a stem such as 'schedules'"
            problem = self.inliner.reporter.error(message, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, problem)], [problem]
        return [exercise_link(self.rawtext, self.title, stem=self.target)], []


class RepositoryFile(ReferenceRole):
    """The role ``{repository-file}``: a link to a file of the repository."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not Path(self.config.mlc_root, self.target).exists():
            message = f"repository-file: got {self.target!r}, expected the path of a file in the repository"
            problem = self.inliner.reporter.error(message, line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, problem)], [problem]
        address = self.config.mlc_settings.source_url(self.target)
        return [nodes.reference(self.rawtext, self.title, refuri=address, internal=False)], []


class CourseDownload(SphinxRole):
    """The role ``{course-download}``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [course_link(self.rawtext, self.text)], []


def exercise_notebooks(root: Path, language: str) -> dict[str, Path]:
    """Name without ending and file of every exercise notebook built in ``language``."""
    folder = root / "_build" / "exercises" / language
    return {path.stem: path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts}


def page_source(app: Sphinx, page: str) -> Path:
    return Path(app.srcdir, f"{page}.md")


def _resolve_links(app: Sphinx, doctree: nodes.document, page: str) -> None:
    settings: Settings = app.config.mlc_settings
    for link in list(doctree.findall(exercise_link)):
        stem = link["stem"]
        if stem in app.config.mlc_exercises and app.builder.format == "html":
            address = "../" * page.count("/") + f"{EXERCISES}/{stem}.ipynb"
        else:
            address = settings.source_url(f"exercises/{stem}/exercise.md")
        link.replace_self(_reference(link, address))
    for link in list(doctree.findall(course_link)):
        language = language_of(Path(app.srcdir))
        up = "../" * page.count("/") if app.builder.format == "html" else f"{settings.site_url}{language.code}/"
        link.replace_self(_reference(link, up + language.archive))


def _reference(link: nodes.Element, address: str) -> nodes.reference:
    return nodes.reference("", link.astext(), refuri=address, internal=False, classes=["download"])


def _offer_notebook(app: Sphinx, page: str, _template: str, context: dict, doctree: nodes.document | None) -> None:
    source = page_source(app, page)
    if doctree is None or not source.is_file():
        return
    up, name = "../" * page.count("/"), source.stem
    if is_notebook(source.read_text("utf-8")):
        context["mlc_notebook"] = f"{up}{NOTEBOOKS}/{name}.ipynb"
        language = language_of(Path(app.srcdir)).code
        context["mlc_launch"] = launch_links(name, language, app.config.mlc_settings)
    elif is_exercise_page(name) and set_of_page(name) in app.config.mlc_exercises:
        context["mlc_notebook"] = f"{up}{EXERCISES}/{set_of_page(name)}.ipynb"


def launch_links(page: str, language: Language, settings: Settings) -> dict[str, str]:
    """Where the page's notebook runs without an installation: Colab opens the branch ``notebooks``, Binder builds ``binder/``."""
    repository = urlsplit(settings.repository_url).path.strip("/")
    file = f"{language}/{page}.ipynb"
    return {
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/{COLAB_BRANCH}/{file}",
        "Binder": f"https://mybinder.org/v2/gh/{repository}/{settings.branch}?labpath=notebooks/{file}",
    }


def _offer_book(app: Sphinx, _page: str, _template: str, context: dict, _doctree: nodes.document | None) -> None:
    if app.config.mlc_book and not page_prefix(Path(app.srcdir)):
        context["mlc_book"] = book_name(language_of(Path(app.srcdir)).code)


def _write_files(app: Sphinx, failure: Exception | None) -> None:
    """Write all notebooks after a successful build; each is small, so none is kept from an earlier build."""
    if failure is not None or app.builder.format != "html":
        return
    language, out = language_of(Path(app.srcdir)), Path(app.outdir)
    for folder in (out / NOTEBOOKS, out / EXERCISES, (out / language.archive).parent):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    prefix = page_prefix(Path(app.srcdir))
    for page in sorted(app.env.found_docs):
        source = page_source(app, page)
        if page.startswith(prefix) and source.is_file() and is_notebook(source.read_text("utf-8")):
            notebook = page_notebook(source, language.code, app.config.mlc_settings, Path(app.config.mlc_root))
            outputs = cached_outputs(source, Path(app.config.nb_execution_cache_path), language.code)
            if outputs is not None:
                notebook = with_outputs(notebook, outputs)
            nbformat.write(notebook, out / NOTEBOOKS / f"{source.stem}.ipynb")
    for name, path in exercise_notebooks(Path(app.config.mlc_root), language.code).items():
        shutil.copyfile(path, out / EXERCISES / f"{name}.ipynb")
    write_archive(out / language.archive, [out / NOTEBOOKS, out / EXERCISES])
    book = book_file(Path(app.config.mlc_root), language.code)
    if app.config.mlc_book:
        shutil.copyfile(book, out / book.name)


def write_archive(target: Path, folders: list[Path]) -> None:
    """Pack the notebooks of some folders; inside, they lie in a folder named as the archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]:
            entry = zipfile.ZipInfo(f"{target.stem}/{path.parent.name}/{path.name}", NO_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def setup_downloads(app: Sphinx, root: Path) -> None:
    """Register the roles and the events. New or gone exercise notebooks make all pages be written again."""
    # The kernels that run the pages' cells inherit it.
    os.environ[PAGES] = "1"
    found = sorted(exercise_notebooks(root, language_of(Path(app.srcdir)).code))
    app.add_config_value("mlc_exercises", found, "html", [list])
    # A book made earlier (``make pdf``) is offered on every page.
    app.add_config_value("mlc_book", book_file(root, language_of(Path(app.srcdir)).code).is_file(), "html", [bool])
    app.add_node(exercise_link)
    app.add_node(course_link)
    app.add_role("exercise-download", ExerciseDownload())
    app.add_role("repository-file", RepositoryFile())
    app.add_role("course-download", CourseDownload())
    app.connect("doctree-resolved", _resolve_links)
    app.connect("html-page-context", _offer_notebook)
    app.connect("html-page-context", _offer_book)
    app.connect("build-finished", _write_files)
