"""Pages are executed and read again when what they import changed, and only those.

The cache of results is brought into step before Sphinx looks for pages. An environment of Sphinx remembers the keys its
pages were read under; there is one for each language and each builder, over the one cache.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from mlc_course.content.languages import page_prefix
from mlc_course.site.build.execution_cache import executed_pages, machinery_key, page_keys, refresh_cache
from mlc_course.site.notebooks.page_notebook import is_notebook

LOGGER = logging.getLogger(__name__)


def _refresh_cache(app: Sphinx) -> None:
    done = refresh_cache(Path(app.config.mlc_root), app.config.mlc_page_keys)
    if done:
        LOGGER.info(done)


def _outdated(app: Sphinx, env: BuildEnvironment, *_changes: set[str]) -> list[str]:
    """Pages read under another key, and those with cells of which the cache has no results."""
    source, read_under = Path(app.srcdir), getattr(env, "mlc_page_keys", {})
    prefix, executed = page_prefix(source), executed_pages(Path(app.config.mlc_root))
    found = []
    for page, key in app.config.mlc_page_keys.items():
        path = source / f"{prefix}{page}.md"
        lost = page not in executed and path.is_file() and is_notebook(path.read_text("utf-8"))
        if lost or read_under.get(page) != key:
            found.append(prefix + page)
    return found


def _remember(app: Sphinx, env: BuildEnvironment) -> None:
    env.mlc_page_keys = app.config.mlc_page_keys  # type: ignore[attr-defined]


def setup_page_keys(app: Sphinx, root: Path) -> None:
    # `env`: where it changes, all pages are read again.
    app.add_config_value("mlc_keys", [machinery_key()], "env", [list])
    app.add_config_value("mlc_page_keys", page_keys(root), "", [dict])
    app.connect("builder-inited", _refresh_cache, priority=100)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _remember)
