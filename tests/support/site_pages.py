"""The pages of a built site, and what axe finds on one of them."""

from pathlib import Path

from axe_violations import violations
from playwright.sync_api import Page

# Findings of the theme, which the course cannot mend: rule -> selectors of its elements.
THEME_FINDINGS: dict[str, tuple[str, ...]] = {
    # The title and the search field above the contents stand outside of any landmark.
    "region": (".sidebar-primary-item",),
}
CONTRAST = "color-contrast"
# Empties every text that stands in elements like those of an earlier one, up to the body: it has the same colours.
_ONE_TEXT_OF_EACH_STYLE = """() => {
  const styled = ["class", "style", "fill", "open", "disabled", "aria-pressed", "aria-selected", "aria-checked"];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  const seen = new Set();
  for (const text of texts) {
    let key = "";
    for (let element = text.parentElement; element !== document.body; element = element.parentElement)
      key += element.tagName + styled.map((name) => element.getAttribute(name)).join() + ">";
    if (seen.has(key)) text.data = "";
    seen.add(key);
  }
  for (const token of document.querySelectorAll(".highlight pre span")) if (!token.textContent.trim()) token.remove();
  return seen.size;
}"""
# Takes the colours' elements out of highlighted code: thousands a page, and no rule but the contrast asks for them.
_PLAIN_CODE = "() => document.querySelectorAll('.highlight pre span').forEach((s) => s.replaceWith(...s.childNodes))"


def names(site: Path, language: str) -> list[str]:
    """The pages of a language, without their ending."""
    return sorted(p.stem for p in (site / language).glob("*.html"))


def structure_findings(page: Page) -> list[tuple[str, str, str]]:
    """``(rule, selector, element)`` of each finding of every rule but the contrast."""
    page.wait_for_function("document.readyState === 'complete'")
    page.evaluate(_PLAIN_CODE)
    return _findings(page, {"rules": {CONTRAST: {"enabled": False}}})


def contrast_findings(page: Page) -> list[tuple[str, str, str]]:
    """``(rule, selector, element)`` of text too pale for its background; one text of each style is looked at."""
    page.wait_for_function("document.readyState === 'complete'")
    assert page.evaluate(_ONE_TEXT_OF_EACH_STYLE) > 10, f"{page.url}: the page is hardly there"
    return _findings(page, {"runOnly": [CONTRAST]})


def _findings(page: Page, options: dict) -> list[tuple[str, str, str]]:
    found = []
    for violation in violations(page, **options):
        allowed = THEME_FINDINGS.get(violation["id"], ())
        for node in violation["nodes"]:
            selector = " ".join(map(str, node["target"]))
            if not any(part in selector for part in allowed):
                found.append((violation["id"], selector, node["html"][:100]))
    return found
