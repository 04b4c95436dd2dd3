"""Words of former versions of a page, which Sphinx keeps in its search index, leave it after each build.

When a page is built again, Sphinx takes the page out of the old index, but not the words that only it had: they stay,
with no page. Such a word may come from a solution that the site is not to show.
"""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.search import js_index

TABLES = ("terms", "titleterms")


def without_former_words(index: dict[str, Any]) -> dict[str, Any]:
    """The index without words that stand on no page."""
    kept = {table: {word: found for word, found in index[table].items() if found != []} for table in TABLES}
    return {**index, **kept}


def _clean(app: Sphinx, failure: Exception | None) -> None:
    path = Path(app.outdir, "searchindex.js")
    if failure is not None or not path.is_file():
        return
    index = js_index.loads(path.read_text("utf-8"))
    cleaned = without_former_words(index)
    if cleaned != index:
        path.write_text(js_index.dumps(cleaned), "utf-8")


def setup_search_index(app: Sphinx) -> None:
    app.connect("build-finished", _clean)
