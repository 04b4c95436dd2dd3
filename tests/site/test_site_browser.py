"""The site as readers meet it, in headless Chromium."""

import re

import pytest
from site_pages import names

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Counts how much of what stood still jumped, as browsers do for their "cumulative layout shift".
WATCH_SHIFTS = """
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.hadRecentInput ? 0 : entry.value)))
    .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen_jumps_reports_an_error_or_asks_elsewhere(visit, site, language, width):
    visitor = visit(width=width)
    visitor.page.add_init_script(WATCH_SHIFTS)
    too_wide, jumping = {}, {}
    for name in names(site, language):
        page = visitor.open(f"{language}/{name}.html")
        page.wait_for_function("document.readyState === 'complete'")
        found, shifted = page.evaluate("[document.documentElement.scrollWidth, window.shifted]")
        if found > width:
            too_wide[name] = found
        if shifted > 0.02:
            jumping[name] = shifted
    assert (too_wide, jumping) == ({}, {})
    assert visitor.errors == []
    assert visitor.outside == []


def test_the_guard_notices_a_request_that_leaves_the_site(visit):
    visitor = visit()
    page = visitor.open("en/index.html")
    with page.expect_event("requestfailed"):
        page.evaluate("fetch('https://elsewhere.example/x').catch(() => null)")
    assert visitor.outside == ["https://elsewhere.example/x"]


@pytest.mark.parametrize(("here", "there", "label"), [("en", "zh", "简体中文"), ("zh", "en", "English")])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_switcher_leads_to_the_same_page_and_place(visit, here, there, label, width):
    page = visit(width=width).open(f"{here}/introduction.html")
    anchor = page.locator("article section section[id]").nth(1).get_attribute("id")
    page.evaluate("anchor => { location.hash = anchor }", anchor)
    page.locator(".mlc-language").get_by_text(label).click()
    page.wait_for_url(re.compile(rf"/{there}/introduction\.html#{anchor}$"))
    assert page.locator(f"section#{anchor}").count() == 1
    assert page.evaluate("localStorage.getItem('mlc-language')") == page.locator("html").get_attribute("lang")


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-GB", "en"), ("fr-FR", "en")])
def test_the_root_page_follows_the_browser(visit, locale, language):
    page = visit(locale=locale).open("")
    page.wait_for_url(re.compile(rf"/{language}/index\.html$"))


def test_the_root_page_prefers_the_choice_made_before(visit):
    visitor = visit(locale="en-US")
    visitor.open("en/index.html").locator(".mlc-language").get_by_text("简体中文").click()
    visitor.page.wait_for_url(re.compile(r"/zh/index\.html"))
    visitor.open("").wait_for_url(re.compile(r"/zh/index\.html$"))


def test_without_scripts_the_root_page_and_the_pages_can_be_read(visit):
    visitor = visit(scripts=False)
    visitor.open("").get_by_role("link", name="简体中文").click()
    assert visitor.page.url.endswith("/zh/index.html")
    assert visitor.page.locator("article h1").is_visible()


def test_a_wrong_address_is_answered_in_both_languages(visit, base):
    visitor = visit()
    answer = visitor.page.goto(base + "zh/nowhere/at/all.html")
    assert answer is not None
    assert answer.status == 404
    assert visitor.page.get_by_text("Page not found").is_visible()
    visitor.page.get_by_role("link", name="回到课程首页").click()
    assert visitor.page.url == base + "zh/index.html"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dark_mode_is_chosen_by_button_kept_and_followed_by_figures(visit, language):
    visitor = visit()
    page = visitor.open(f"{language}/introduction.html")
    for _ in range(3):
        if page.locator("html").get_attribute("data-mode") == "dark":
            break
        page.locator(".theme-switch-button:visible").first.click()
    page = visitor.open(f"{language}/introduction.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", background)[:3])) < 60
    schemes = page.eval_on_selector_all(
        "article img[src$='.svg']", "all => all.map(i => getComputedStyle(i).colorScheme)"
    )
    assert schemes
    assert set(schemes) == {"dark"}


def test_a_reader_whose_system_is_dark_gets_dark_pages(visit):
    assert visit(dark=True).open("en/index.html").locator("html").get_attribute("data-theme") == "dark"


def test_code_can_be_copied(visit):
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.open("zh/introduction.html")
    cell = page.locator(".cell_input").first
    cell.hover()
    cell.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == cell.locator("pre").inner_text().strip()


def test_the_notebook_of_the_page_is_downloaded(visit):
    page = visit().open("zh/introduction.html")
    with page.expect_download() as download:
        page.locator("a.mlc-notebook").click()
    assert download.value.suggested_filename == "introduction.ipynb"


def test_the_interface_is_in_chinese(visit):
    page = visit(locale="zh-CN").open("zh/introduction.html")
    attributes = page.evaluate(
        """() => [...document.querySelectorAll('[title], [aria-label], [placeholder]')]
             .filter(e => !e.closest('.onlyprint'))
             .filter(e => !e.closest('article') || e.matches('.headerlink, .copybtn'))
             .flatMap(e => ['title', 'aria-label', 'placeholder', 'data-bs-original-title'].map(a => e.getAttribute(a)))
             .filter(Boolean)"""
    )
    assert [text for text in attributes if not re.search(r"[\u4e00-\u9fff]", text)] == []
