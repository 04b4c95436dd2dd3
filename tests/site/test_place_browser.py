"""Where the reader is, in headless Chromium: kept by the language switch, offered again, reached by keys and contents."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOP = "id => document.getElementById(id).querySelector('h2, h3').getBoundingClientRect().top"


# Resolved once nothing moved for some frames, however long a frame takes on a busy machine.
AT_REST = """frames => new Promise(resolve => {
  let same = 0, before = "";
  const look = () => {
    const now = `${scrollY} ${document.documentElement.scrollHeight}`;
    same = now === before ? same + 1 : 0;
    before = now;
    same >= frames ? resolve() : requestAnimationFrame(look);
  };
  look();
})"""


def put(page, anchor, offset):
    """Scroll so that a heading stands ``offset`` pixels below the window's top, once nothing moves any more."""
    page.wait_for_load_state("networkidle")
    for _ in range(3):
        by = page.evaluate(TOP, anchor) - offset
        page.evaluate("by => scrollBy({ top: by, behavior: 'instant' })", by)
        page.evaluate(AT_REST, 10)


def switch(page):
    """Click on the other language with the mouse alone: Playwright's own click may scroll first."""
    box = page.locator(".mlc-language a:not([aria-current])").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def comes_to_rest(page, measure, argument, wanted, tolerance):
    """The page comes to what ``measure`` says here, within the tolerance, and stays there."""
    page.wait_for_function(
        f"([argument, wanted, tolerance]) => Math.abs(({measure})(argument) - wanted) <= tolerance",
        arg=[argument, wanted, tolerance],
    )
    page.wait_for_load_state("networkidle")
    page.evaluate(AT_REST, 20)
    assert abs(page.evaluate(measure, argument) - wanted) <= tolerance


@pytest.mark.parametrize(("here", "there", "anchor", "width", "how"), [
    ("en", "zh", "gpu-coalescing", 1280, "mouse"), ("zh", "en", "gpu-matmul-double", 1280, "keyboard"),
    ("en", "zh", "gpu-races", 360, "mouse"), ("zh", "en", "gpu-transpose", 360, "mouse"),
])  # fmt: skip
def test_the_switch_keeps_the_heading_in_view_at_its_offset_and_back_returns_there(
    visit, here, there, anchor, width, how
):
    page = visit(width=width).open(f"{here}/gpu.html")
    put(page, anchor, 300)
    before = page.evaluate(TOP, anchor)
    if how == "mouse":
        switch(page)
    else:
        page.locator(".mlc-language a:not([aria-current])").focus()
        page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/{there}/gpu\.html#{anchor}$"))
    comes_to_rest(page, TOP, anchor, before, 5)
    page.go_back()
    page.wait_for_url(re.compile(rf"/{here}/gpu\.html"))
    comes_to_rest(page, TOP, anchor, before, 5)


def test_between_headings_the_same_block_stays_in_view(visit):
    page = visit().open("en/schedules.html")
    put(page, "schedules-memory", 200)
    page.evaluate("scrollBy({ top: 900, behavior: 'instant' })")
    seen = """() => { const section = document.getElementById('schedules-memory'); return [...section.children]
      .findIndex(each => each.getBoundingClientRect().bottom > 60) }"""
    block = page.evaluate(seen)
    assert block > 2
    switch(page)
    page.wait_for_url(re.compile(r"/zh/schedules\.html"))
    comes_to_rest(page, seen, None, block, 1)


def test_at_the_top_the_switch_stays_at_the_top(visit):
    page = visit().open("en/gpu.html")
    switch(page)
    page.wait_for_url(re.compile(r"/zh/gpu\.html$"))
    assert page.evaluate("scrollY") == 0


def test_the_switch_keeps_what_is_unfolded_and_the_step_of_a_widget(visit):
    page = visit().open("en/schedules.html")
    page.evaluate("document.querySelectorAll('article details')[1].open = true")
    widget = page.locator(".mlc-widget[data-widget='explore']").first
    widget.scroll_into_view_if_needed()
    slider = widget.locator("input[type=range]").first
    slider.wait_for()
    slider.fill("1")
    switch(page)
    page.wait_for_url(re.compile(r"/zh/schedules\.html"))
    assert page.evaluate("document.querySelectorAll('article details')[1].open")
    page.wait_for_function(
        """() => document.querySelector(".mlc-widget[data-widget='explore'] input[type=range]")?.value === '1'"""
    )
    assert "第 1 步" in page.locator(".mlc-widget[data-widget='explore']").first.inner_text()


def test_what_was_stored_for_another_page_or_is_damaged_does_nothing(visit):
    visitor = visit()
    page = visitor.open("en/gpu.html")
    for stored in ('{"page": "schedules.html", "place": {"id": "gpu-races", "block": -1, "offset": 0}}', "{", "null"):
        page.evaluate("text => sessionStorage.setItem('mlc-place-kept', text)", stored)
        page.reload()
        assert page.evaluate("scrollY") == 0
    assert visitor.errors == []


def test_the_front_page_offers_the_place_where_the_reader_stopped_until_it_is_forgotten(visit):
    visitor = visit()
    page = visitor.open("en/gpu.html")
    put(page, "gpu-races", 100)
    page.wait_for_function("() => (localStorage.getItem('mlc-place') ?? '').includes('gpu-races')")
    page = visitor.open("en/index.html")
    link = page.locator(".mlc-resume a")
    assert link.inner_text() == "GPUs, Races and missing barriers"
    assert visitor.open("zh/index.html").locator(".mlc-resume").inner_text() == "从上次停下的地方继续：GPU"
    page.locator(".mlc-resume a").click()
    page.wait_for_url(re.compile(r"/zh/gpu\.html#gpu-races$"))
    page.get_by_role("button", name="标记为已读").click()
    page = visitor.open("zh/index.html")
    page.get_by_role("button", name="清除我的进度").click()
    page.get_by_role("button", name="确定全部清除？请再按一次。").click()
    assert page.locator(".mlc-resume").count() == 0
    assert page.evaluate("localStorage.getItem('mlc-place')") is None
    assert visitor.errors == []


def test_keys_turn_pages_open_the_search_and_list_themselves(visit):
    visitor = visit()
    page = visitor.open("en/gpu.html")
    page.wait_for_load_state("networkidle")
    following = page.locator("a.right-next").get_attribute("href")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert {"/", "s", "?", "←", "→"} <= set(keys.locator("kbd").all_inner_texts())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert keys.count() == 0
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("s/?")
    assert page.locator("#pst-search-dialog input").input_value() == "s/?"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(rf"/{following}$"))
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"/gpu\.html$"))
    assert visitor.errors == []


def test_on_a_phone_both_contents_show_all_levels(visit):
    page = visit(width=360).open("en/gpu.html")
    page.locator(".secondary-toggle").click()
    deep = page.locator("#pst-secondary-sidebar-modal li.toc-h3 > a")
    deep.first.wait_for(state="visible")
    assert all(link.is_visible() for link in deep.all())
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    page.locator(".primary-toggle").click()
    exercises = page.locator("#pst-primary-sidebar-modal .toctree-l2 > a")
    exercises.first.wait_for(state="visible")
    assert all(link.is_visible() for link in exercises.all())


@pytest.mark.parametrize(("language", "edition"), [("en", "Edition"), ("zh", "版本")])
def test_a_page_names_its_edition_and_licences(visit, language, edition):
    page = visit(scripts=False).open(f"{language}/gpu.html")
    said = page.locator(".mlc-edition").inner_text().replace("\n", " ")
    assert re.search(edition + r" \d.*2\d{3}-\d\d-\d\d.*CC BY 4\.0.*Apache-2\.0", said)
