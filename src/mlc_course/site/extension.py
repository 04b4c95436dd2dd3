"""Sphinx extension of the course's website; ``_config.yml`` lists it first.

It works for three source folders: ``chapters/en`` and ``chapters/zh`` (the two halves of the website) and the
repository's root (the stock ``jupyter-book build .``, English). The language follows from the folder; so do the
contents, the interface's strings, the search, the addresses and the files to download.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from mlc_course.content.languages import SiteLanguage, language_of, page_prefix
from mlc_course.content.settings import read_settings
from mlc_course.site.build.contents import write_contents
from mlc_course.site.build.execution_cache import CACHE
from mlc_course.site.chinese.interface_phrases import install_phrases, set_extension_strings
from mlc_course.site.chinese.line_breaks import setup_chinese_lines
from mlc_course.site.discovery.hreflang import setup_alternates
from mlc_course.site.discovery.share_cards import setup_cards
from mlc_course.site.exercises.pages import setup_exercise_pages, write_pages
from mlc_course.site.notebooks.downloads import setup_downloads
from mlc_course.site.pdf.latex import setup_paper
from mlc_course.site.search.index import setup_search
from mlc_course.site.sphinx.anchors import setup_anchors
from mlc_course.site.sphinx.course_map import setup_course_map
from mlc_course.site.sphinx.edition import setup_edition
from mlc_course.site.sphinx.glossary_uses import setup_glossary_uses
from mlc_course.site.sphinx.mathml import setup_math
from mlc_course.site.sphinx.output_language import setup_output_language
from mlc_course.site.sphinx.page_keys import setup_page_keys
from mlc_course.site.sphinx.printed import setup_printed
from mlc_course.site.sphinx.reading_progress import setup_reading
from mlc_course.site.sphinx.references import setup_references


def repository_of(source: Path) -> Path:
    """The repository a source folder belongs to: the nearest folder above (or itself) with ``_toc.yml``."""
    return next((folder for folder in (source, *source.parents) if (folder / "_toc.yml").is_file()), source)


def _set_language(app: Sphinx, language: SiteLanguage) -> None:
    """Choose the language before the themes and extensions load their catalogues.

    Sphinx has initialized its own catalogue already, in the default language; there is no public way to do it again.
    """
    app.config.language = language.sphinx
    app._init_i18n()


def _set_paths(app: Sphinx, root: Path, language: SiteLanguage) -> None:
    """Paths in ``_config.yml`` would be relative to three different folders; these are absolute."""
    config, source = app.config, Path(app.srcdir)
    config.html_static_path = [str(root / "chapters" / "_static")]
    config.templates_path = [str(root / "chapters" / "_templates")]
    config.html_favicon = str(root / "chapters" / "_static" / "favicon.svg")
    config.bibtex_bibfiles = [str(root / "chapters" / "references.bib")]
    config.nb_execution_cache_path = str(root / CACHE)
    config.html_title = language.title
    config.html_theme_options["search_bar_text"] = language.search_hint
    if not page_prefix(source):
        config.html_theme_options["path_to_docs"] = f"chapters/{language.code}"


def _use_contents(app: Sphinx, config: Config) -> None:
    """Make the pages of the exercises, then the contents with them."""
    source, root = Path(app.srcdir), Path(config.mlc_root)
    language = language_of(source).code
    write_pages(root, language)
    contents = Path(app.outdir).parent / "_toc.yml"
    write_contents(root, None if page_prefix(source) else language, contents)
    config.external_toc_path = contents.as_posix()


def _translate_interface(app: Sphinx, config: Config) -> None:
    if language_of(Path(app.srcdir)).code == "zh":
        install_phrases(app)
        set_extension_strings(config)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    source = Path(app.srcdir)
    root, language = repository_of(source), language_of(source)
    _set_language(app, language)
    _set_paths(app, root, language)
    app.add_config_value("mlc_root", str(root), "", [str])
    app.add_config_value("mlc_settings", read_settings(root), "", [object])
    setup_page_keys(app, root)
    setup_math(app)
    setup_anchors(app)
    setup_alternates(app)
    setup_downloads(app, root)
    setup_course_map(app)
    setup_glossary_uses(app)
    setup_printed(app)
    setup_output_language(app, language.code)
    setup_references(app)
    setup_reading(app)
    setup_edition(app, root)
    setup_exercise_pages(app)
    setup_search(app)
    setup_paper(app)
    setup_cards(app)
    if language.code == "zh":
        setup_chinese_lines(app)
    # Before sphinx-external-toc reads the contents at priority 900, after all catalogues are loaded.
    app.connect("config-inited", _use_contents, priority=100)
    app.connect("config-inited", _translate_interface, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
