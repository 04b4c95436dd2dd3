"""What axe finds wrong on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, context: str | None = None, **options: Any) -> list[dict[str, Any]]:
    """Axe's violations, in the elements of a selector if one is given; describing what passes takes three times as long."""
    return Axe().run(page, context, options={**options, "resultTypes": ["violations"]}).response["violations"]
