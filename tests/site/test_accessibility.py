"""What axe finds in the structure of every page: names, roles, landmarks, headings."""

import pytest
from site_pages import names, structure_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_but_the_named_findings_of_the_theme(visit, site, language):
    visitor = visit()
    found = {name: structure_findings(visitor.open(f"{language}/{name}.html")) for name in names(site, language)}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_axe_is_asked(visit):
    page = visit().open("en/index.html")
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=data:,>')")
    assert [rule for rule, *_rest in structure_findings(page)] == ["image-alt"]
