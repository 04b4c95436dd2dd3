"""Reading aids in headless Chromium: terms explain themselves, progress is remembered and forgotten, paper is light."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "name", "other"), [("en", "cache line", "缓存行"), ("zh", "缓存行", "cache line")])  # fmt: skip
def test_a_term_is_explained_when_pointed_at_or_focused_until_escape(visit, language, name, other):
    page = visit().open(f"{language}/schedules.html")
    term, note = (
        page.locator("a.mlc-term[href='glossary.html#term-cache-line']").first,
        page.locator("#mlc-term-note"),
    )
    assert name in term.inner_text()
    term.hover()
    assert note.locator("strong").inner_text() == other
    assert len(note.locator("span").inner_text()) > 8
    page.keyboard.press("Escape")
    assert note.count() == 0
    page.mouse.move(0, 0)
    term.focus()
    assert term.get_attribute("aria-describedby") == note.get_attribute("id")
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280


def test_without_scripts_a_term_is_a_link_to_the_glossary(visit):
    page = visit(scripts=False).open("en/schedules.html")
    page.locator("a.mlc-term").first.click()
    assert "/en/glossary.html#term-" in page.url


def test_progress_is_remembered_shown_in_contents_and_front_page_and_forgotten(visit):
    visitor = visit()
    page = visitor.open("en/schedules.html")
    page.get_by_role("button", name="Mark as read").click()
    page.locator(".mlc-reading summary").click()
    page.locator(".mlc-reading input").first.check()
    page = visitor.open("zh/index.html")
    assert "已读 9 个主题中的 1 个，完成 53 道练习中的 1 道" in page.locator(".mlc-progress").inner_text()
    assert page.locator(".bd-docs-nav a.mlc-read").get_attribute("href") == "schedules.html"
    assert page.locator("table.mlc-map .mlc-done").inner_text() == "，已完成 1 道"
    page.get_by_role("button", name="清除我的进度").click()
    page.get_by_role("button", name="确定全部清除？请再按一次。").click()
    assert page.locator("a.mlc-read").count() == 0
    assert page.evaluate("localStorage.getItem('mlc-progress')") is None
    assert visitor.errors == []


def test_paper_is_light_and_shows_folded_answers(visit):
    page = visit(dark=True).open("en/schedules.html")
    folds = page.locator(
        "article details:not([open]):not(.mlc-widget details)"
    )  # of a page, not of what a widget draws
    folded = folds.count()
    assert folded
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert folds.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert folds.count() == folded


def test_on_a_phone_the_contents_of_the_page_open_from_the_bar_and_close_after_a_choice(visit):
    page = visit(width=360).open("zh/schedules.html")
    page.mouse.wheel(0, 4000)
    page.locator(".secondary-toggle").click()
    link = page.locator("#pst-secondary-sidebar-modal li.toc-h2 > a").nth(3)
    link.wait_for(state="visible")
    anchor = link.get_attribute("href")
    link.click()
    page.wait_for_function("anchor => location.hash === anchor", arg=anchor)
    page.wait_for_function("!document.querySelector('#pst-secondary-sidebar-modal').open")
    top = page.locator(f"section{anchor}").bounding_box()["y"]
    assert 0 <= top < 400
