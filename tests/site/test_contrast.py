"""Every text of every page stands out from its background, in light and in dark."""

import pytest
from site_pages import contrast_findings, names

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_text_is_too_pale(visit, site, language, dark):
    visitor = visit(dark=dark)
    found = {name: contrast_findings(visitor.open(f"{language}/{name}.html")) for name in names(site, language)}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_a_pale_token_at_the_end_of_a_page_is_found(visit):
    page = visit().open("en/introduction.html")
    page.add_style_tag(content=".highlight .mi { color: #ddd !important }")
    assert {rule for rule, *_rest in contrast_findings(page)} == {"color-contrast"}
