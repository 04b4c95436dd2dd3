"""What a browser requests for a page whose widgets are all drawn, wherever they stand. Pictures further down come later."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAVIEST, MOST_REQUESTS = 250 * 1024, 20
# The front page, the pages that have the most kinds of widgets, and the one that brings the most data.
PAGES = ("en/index", "zh/index", "en/gpu", "zh/schedules", "en/end_to_end", "zh/auto_tuning")
DRAWN = (
    "() => [...document.querySelectorAll('.mlc-widget[data-widget]')].every((each) => each.dataset.state === 'drawn')"
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_all_its_widgets_takes_few_requests_and_little_weight(
    visit: Callable, site: Path, base: str, name: str
) -> None:
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = visitor.open(f"{name}.html")
    # All widgets are drawn before a page is printed, wherever they stand.
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(DRAWN)
    page.wait_for_load_state("networkidle")
    files = {url.removeprefix(base).split("?")[0].split("#")[0] for url in asked if url.startswith(base)}
    # Headless browsers do not fetch the site's sign; others do.
    assert len({url for url in asked if url.startswith("http")}) + 1 <= MOST_REQUESTS, sorted(files)
    weight = sum(len(gzip.compress((site / file).read_bytes())) for file in files)
    assert weight < HEAVIEST, f"{weight // 1024} KB"
    assert (visitor.errors, visitor.outside) == ([], [])
