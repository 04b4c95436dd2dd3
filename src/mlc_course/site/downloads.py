"""Files a page offers: its own notebook, and the notebooks of the exercises.

Write ``{exercise-download}`schedules` `` or ``{exercise-download}`the exercises <schedules>` `` in a chapter to link
the exercise notebook of a stem in the page's language. Where the notebooks have not been built
(``_build/exercises/<language>/``), the link leads to the exercise's source in the repository instead.
``{repository-file}`the rules <CONTRIBUTING.md>` `` links a file of the repository.
"""

import shutil
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole

from mlc_course.site.language import language_of, page_prefix
from mlc_course.site.notebooks import is_notebook, page_notebook
from mlc_course.site.settings import Settings

NOTEBOOKS, EXERCISES = "notebooks", "exercises"


class exercise_link(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes in lower case
    """A link to an exercise notebook whose address is only known when pages are written."""


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
        link.replace_self(nodes.reference("", link.astext(), refuri=address, internal=False, classes=["download"]))


def _offer_notebook(app: Sphinx, page: str, _template: str, context: dict, doctree: nodes.document | None) -> None:
    source = page_source(app, page)
    if doctree is not None and source.is_file() and is_notebook(source.read_text("utf-8")):
        context["mlc_notebook"] = "../" * page.count("/") + f"{NOTEBOOKS}/{source.stem}.ipynb"


def _write_files(app: Sphinx, failure: Exception | None) -> None:
    """Write all notebooks after a successful build; each is small, so none is kept from an earlier build."""
    if failure is not None or app.builder.format != "html":
        return
    language, prefix = language_of(Path(app.srcdir)), page_prefix(Path(app.srcdir))
    target = Path(app.outdir, NOTEBOOKS)
    shutil.rmtree(target, ignore_errors=True)
    for page in sorted(app.env.found_docs):
        source = page_source(app, page)
        if page.startswith(prefix) and source.is_file() and is_notebook(source.read_text("utf-8")):
            target.mkdir(exist_ok=True)
            notebook = page_notebook(source, language.code, app.config.mlc_settings, Path(app.config.mlc_root))
            nbformat.write(notebook, target / f"{source.stem}.ipynb")
    exercises = Path(app.outdir, EXERCISES)
    shutil.rmtree(exercises, ignore_errors=True)
    for name, path in exercise_notebooks(Path(app.config.mlc_root), language.code).items():
        exercises.mkdir(exist_ok=True)
        shutil.copyfile(path, exercises / f"{name}.ipynb")


def setup_downloads(app: Sphinx, root: Path) -> None:
    """Register the role and the events. New or gone exercise notebooks make all pages be written again."""
    found = sorted(exercise_notebooks(root, language_of(Path(app.srcdir)).code))
    app.add_config_value("mlc_exercises", found, "html", [list])
    app.add_node(exercise_link)
    app.add_role("exercise-download", ExerciseDownload())
    app.add_role("repository-file", RepositoryFile())
    app.connect("doctree-resolved", _resolve_links)
    app.connect("html-page-context", _offer_notebook)
    app.connect("build-finished", _write_files)
