"""The search as readers meet it, in headless Chromium; what it finds is the matter of ``test_site_search.py``."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEARCH_FILES = re.compile(r"search\.json|engine\.js|minisearch|stemmer")


def listen(visitor):
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.parametrize(("language", "query", "address", "words"), [
    ("en", "shared_memory", "/en/gpu.html#gpu-window", "shared memory"),
    ("zh", "存储体冲突", "/zh/gpu.html#gpu-transpose", "存储体冲突"),
])  # fmt: skip
def test_the_search_page_shows_sections_with_their_own_excerpts(visit, language, query, address, words):
    visitor = visit()
    page = visitor.open(f"{language}/search.html?q={query}")
    first = page.locator(".mlc-found li").first
    first.wait_for()
    assert first.locator("a").get_attribute("href").endswith(address)
    assert set(words.split()) & {mark.lower() for mark in page.locator(".mlc-found mark").all_inner_texts()}
    menu = page.locator(".bd-docs-nav").inner_text()[:200]
    assert all(menu not in text and len(text) < 320 for text in page.locator(".mlc-found li p").all_inner_texts())
    assert re.match(r"\d+ ", page.get_by_role("status").inner_text())
    first.locator("a").click()
    page.wait_for_url(re.compile(re.escape(address)))
    assert visitor.errors == []


def test_results_come_as_one_types_and_the_address_and_the_other_language_keep_the_query(visit):
    visitor = visit()
    page = visitor.open("en/search.html")
    page.keyboard.type("tensorise")
    page.locator(".mlc-found li a[href$='tensorization.html#tensorization-tensorize']").wait_for()
    assert page.url.endswith("/en/search.html?q=tensorise")
    assert page.locator(".bd-search-container").get_by_role("status").count() == 1
    page.locator(".mlc-language a[lang='zh-CN']").click()
    page.wait_for_url(re.compile(r"/zh/search\.html\?q=tensorise$"))
    page.locator(".mlc-found li a[href$='/zh/tensorization.html#tensorization-tensorize']").wait_for()
    page.go_back()
    page.wait_for_url(re.compile(r"/en/search\.html\?q=tensorise$"))
    page.locator(".mlc-found li a[href*='/en/']").first.wait_for()
    page.locator(".bd-search-container input").fill("")
    page.wait_for_function("!document.querySelector('.mlc-found').hasChildNodes()")
    page.locator(".bd-search-container input").fill("xylophone")
    page.get_by_text("Nothing found for “xylophone”.").wait_for()
    assert visitor.errors == []


def test_over_any_page_the_window_finds_by_keys_alone_and_the_index_is_fetched_only_then(visit):
    visitor = visit()
    asked = listen(visitor)
    page = visitor.open("zh/introduction.html")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if SEARCH_FILES.search(url)] == []
    assert [url for url in asked if ".woff" in url] == []
    assert len(asked) <= 20
    page.keyboard.press("/")
    page.keyboard.type("双缓冲")
    page.locator("#pst-search-dialog .mlc-found li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.href").endswith("/zh/gpu.html#gpu-matmul-double")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/zh/search\.html\?q=%E5%8F%8C"))
    assert visitor.errors == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_lens_stands_beside_the_query(visit, width):
    page = visit(width=width).open("en/search.html?q=x")
    lens = page.locator(".bd-search-container form svg").bounding_box()
    field = page.locator(".bd-search-container input").bounding_box()
    assert lens["x"] + lens["width"] <= field["x"]


def test_data_that_cannot_be_loaded_are_told_of_and_asked_for_again(visit):
    visitor = visit()
    visitor.page.route("**/search.json", lambda route: route.abort())
    page = visitor.open("en/search.html?q=warp")
    page.get_by_role("alert").wait_for()
    page.unroute("**/search.json")
    page.locator(".bd-search-container input").fill("warps")
    page.locator(".mlc-found li").first.wait_for()
