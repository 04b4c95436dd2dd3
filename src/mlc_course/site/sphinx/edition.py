"""Every page says which edition of the course it belongs to: version, date and licences, from ``CITATION.cff``."""

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from mlc_course.content.errors import SiteError

_NEEDED = ("version", "date-released")


def read_edition(root: Path) -> dict[str, str]:
    """Version and date of this edition.

    Raises:
        SiteError: ``CITATION.cff`` lacks one of them.
    """
    path = root / "CITATION.cff"
    entries = yaml.safe_load(path.read_text("utf-8"))
    missing = [name for name in _NEEDED if not entries.get(name)]
    if missing:
        raise SiteError(f"{path}: there is no {' and no '.join(missing)}. Every page says its edition: add it.")
    return {"version": str(entries["version"]), "date": str(entries["date-released"])}


def _show(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    context["mlc_edition"] = {**app.config.mlc_edition, "licence_url": app.config.mlc_settings.source_url("LICENSE")}


def setup_edition(app: Sphinx, root: Path) -> None:
    # `html`: a new edition writes all pages again, and reads none.
    app.add_config_value("mlc_edition", read_edition(root), "html", [dict])
    app.connect("html-page-context", _show)
