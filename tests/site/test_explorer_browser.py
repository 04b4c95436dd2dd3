"""The schedule explorer in headless Chromium: keyboard, touch, both languages and themes, phone width, no scripts."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_violations import violations
from playwright.sync_api import Browser, Locator, Page, expect
from present import present
from tvm.s_tir import Schedule

from mlc_course.root import course_root
from mlc_course.site.build.serve import make_server
from mlc_ref.gpu import programs as gpu_programs
from mlc_ref.gpu.schedules import transpose
from mlc_ref.schedules import primitives, programs
from mlc_ref.viz import explore

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = """<!doctype html><html lang="{lang}" data-theme="{theme}" data-content_root="./"><head><meta charset="utf-8">
<title>Explorer</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="widgets.css"><script type="module" src="widgets/main.js"></script>
<style>body {{ font: 16px/1.65 sans-serif; margin: 0.5rem; background: {paper}; color: var(--mlc-ink); --pst-color-border: #888;
--pst-color-background: {paper} }}</style></head><body><main><h1>Explorer</h1>{widget}<p id="after">after</p></main></body></html>"""
PAPER = {"light": "#ffffff", "dark": "#121212"}


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Pages with nothing on them but one explorer, for each language and theme."""
    folder: Path = tmp_path_factory.mktemp("explorer")
    static = course_root() / "chapters" / "_static"
    (folder / "widgets").symlink_to(static / "widgets")
    (folder / "widgets.css").symlink_to(static / "widgets.css")
    tiny, turned = programs.matmul(8, 16, 8), gpu_programs.transpose(32, 32)
    sch = primitives.cache_write(tiny)
    sch.vectorize(sch.split(sch.get_loops("C_local")[1], [None, 4])[1])
    widgets = {"cpu": explore(sch, tiny), "gpu": explore(transpose.padded(Schedule(turned)), turned)}
    for name, widget in widgets.items():
        for lang in ("en", "zh-CN"):
            for theme, paper in PAPER.items():
                text = PAGE.format(lang=lang, theme=theme, paper=paper, widget=widget.page_html())
                (folder / f"{name}-{lang[:2]}-{theme}.html").write_text(text, "utf-8")
    with make_server(folder, "/", quiet=True) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page, wait for its explorer and go to a step (None: stay where it opens); afterwards nothing may have been reported to the console."""
    contexts, reported = [], []

    def opened(
        name: str = "cpu-en-light", width: int = 1280, scripts: bool = True, step: int | None = 0, **options
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: reported.append(message.text))
        page.on("pageerror", lambda error: reported.append(str(error)))
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shift += e.value; }))"
            ".observe({ type: 'layout-shift', buffered: true });"
        )
        page.goto(address + name + ".html")
        if scripts:
            page.wait_for_selector('[data-widget="explore"][data-state="drawn"]')
            if step is not None:
                # Without giving it the keyboard's focus.
                script = "(slider, step) => { slider.value = step; slider.dispatchEvent(new Event('input')); }"
                page.locator(".mlc-explore input[type=range]").first.evaluate(script, step)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert reported == []


def stage(page: Page) -> Locator:
    return page.locator(".mlc-explore")


@pytest.mark.parametrize(("name", "said"), [("cpu-en-light", "step 4 of 4"), ("gpu-zh-light", "第 14 步，共 15 步")])
def test_it_opens_on_its_most_telling_step_with_the_changes_marked(open_page, name, said):
    explorer = stage(open_page(name, step=None))
    assert explorer.locator(".mlc-explore-clock").first.inner_text() == said
    assert explorer.locator(".mlc-new").count() > 0
    assert explorer.locator(".mlc-gone").count() > 0
    assert explorer.locator("rect.mlc-touched, rect.mlc-held").count() > 2  # more than the legend's


def test_the_buttons_walk_through_the_steps_and_mark_what_changed(open_page):
    page = open_page()
    explorer = stage(page)
    assert explorer.get_by_text("step 0 of 4").is_visible()
    assert explorer.locator(".mlc-new, .mlc-gone").count() == 0
    explorer.get_by_role("button", name="Next").click(force=True)
    assert explorer.locator(".mlc-explore-call code").first.inner_text() == 'cache_write(C, C, "local")'
    assert explorer.locator("ins.mlc-new").count() == explorer.locator(".mlc-new, ins").count() > 0
    assert explorer.locator("del.mlc-gone").count() == explorer.locator(".mlc-gone, del").count()
    signs = "(e) => getComputedStyle(e, '::before').content"
    assert [explorer.locator(tag).first.evaluate(signs) for tag in ("ins", "del")] == ['"+"', '"−"']
    gone = explorer.locator(".mlc-gone").count()
    assert gone > 0
    explorer.get_by_label("show the lines that went away").uncheck()
    assert explorer.locator(".mlc-gone").count() == 0
    explorer.get_by_role("button", name="Back").click(force=True)
    assert explorer.get_by_text("step 0 of 4").is_visible()
    explorer.get_by_role("button", name="Back").click(force=True)
    assert explorer.get_by_text("step 0 of 4").is_visible()


def test_paper_shows_the_text_of_all_steps(open_page):
    page = open_page()
    page.emulate_media(media="print")
    assert not stage(page).is_visible()
    steps = page.locator(".mlc-widget-plain ol > li")
    assert steps.count() == 4
    assert all(step.is_visible() for step in steps.all())


def test_a_buffer_that_does_not_exist_yet_has_no_caption(open_page):
    explorer = stage(open_page("gpu-en-light"))
    caption = explorer.locator("figcaption", has_text="A_shared")
    assert not caption.is_visible()
    explorer.get_by_label("Step", exact=True).press("End")
    expect(caption).to_be_visible()


def test_the_keyboard_alone_reaches_every_control_and_steps(open_page):
    page = open_page()
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName + (document.activeElement.type ?? '')"))
    assert reached == [
        "BUTTONbutton",
        "INPUTrange",
        "BUTTONbutton",
        "PRE",
        "INPUTcheckbox",
        "BUTTONbutton",
        "INPUTrange",
    ]
    before = stage(page).locator(".mlc-explore-now").inner_text()
    page.keyboard.press("ArrowRight")  # on the slider of time: one access later, same step
    assert stage(page).locator(".mlc-explore-now").inner_text() != before
    assert stage(page).get_by_text("step 0 of 4").is_visible()
    stage(page).get_by_role("button", name="Next").focus()
    for key, step in [("ArrowRight", 1), ("End", 4), ("ArrowRight", 4), ("ArrowLeft", 3), ("Home", 0), ("Enter", 1)]:
        page.keyboard.press(key)
        assert stage(page).get_by_text(f"step {step} of 4").is_visible(), key


def test_a_tap_steps_and_the_sliders_move_step_and_time(open_page):
    page = open_page("cpu-zh-dark", width=360, has_touch=True)
    explorer = stage(page)
    explorer.get_by_role("button", name="下一步").tap()
    assert explorer.get_by_text("第 1 步，共 4 步").is_visible()
    explorer.get_by_label("步骤", exact=True).fill("3")
    assert explorer.get_by_text("第 3 步，共 4 步").is_visible()
    explorer.get_by_label("已发生的访问").fill("1")
    assert explorer.locator(".mlc-explore-now").inner_text().startswith("读取 A[0, 0]")
    assert explorer.locator("rect.mlc-read").count() == 2  # the element, and the legend's sample


def test_playing_moves_on_and_pausing_stops(open_page):
    page = open_page()
    clock = stage(page).locator(".mlc-explore-clock").nth(1)
    before = clock.inner_text()
    stage(page).get_by_role("button", name="Play").click()
    page.wait_for_function("([c, t]) => c.textContent !== t", arg=[clock.element_handle(), before])
    stage(page).get_by_role("button", name="Pause").click()
    held = clock.inner_text()
    page.wait_for_timeout(400)
    assert clock.inner_text() == held


def test_with_reduced_motion_nothing_moves_by_itself(open_page):
    page = open_page(reduced_motion="reduce")
    clock = stage(page).locator(".mlc-explore-clock").nth(1)
    assert stage(page).get_by_role("button", name="Play").count() == 0
    before = clock.inner_text()
    stage(page).get_by_role("button", name="Jump ahead").click()
    after = clock.inner_text()
    page.wait_for_timeout(300)
    assert before != after == clock.inner_text()


def test_the_counters_follow_the_step_and_a_bar_leads_to_its_step(open_page):
    page = open_page("gpu-en-light")
    row = stage(page).locator("tbody tr").first.locator("td")
    assert row.nth(2).inner_text() == "–"  # no kernel yet
    page.locator(".mlc-column").last.click()
    assert row.nth(2).inner_text().endswith("8,192")
    assert "32 × 32" not in stage(page).inner_text()


@pytest.mark.parametrize("width", [360, 1440])
def test_an_arrow_compares_with_the_number_beside_it(open_page, width):
    page = open_page("cpu-en-light", width=width)
    signs = set()
    for _ in range(6):
        for row in stage(page).locator(".mlc-explore-counters tbody tr").all():
            before, here = row.locator("td:visible").all_inner_texts()[-2:]
            numbers = [int(text.strip("↑↓ ").replace(",", "")) for text in (before, here) if text != "–"]
            sign = {1: "↑", -1: "↓", 0: ""}[(numbers[-1] > numbers[0]) - (numbers[-1] < numbers[0])]
            assert here.startswith(sign), (before, here)
            assert ("↑" in here or "↓" in here) == bool(sign), (before, here)
            signs.add(sign)
        stage(page).get_by_role("button", name="Next").click(force=True)
    assert "↓" in signs


@pytest.mark.parametrize("name", ["cpu", "gpu"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_step_changes_the_height_shifts_the_page_or_makes_it_wider(open_page, name, width):
    page = open_page(f"{name}-en-light", width=width)
    explorer, heights = stage(page), set()
    for _ in range(20):
        heights.add(round(present(explorer.bounding_box())["height"]))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        explorer.get_by_role("button", name="Next").click(force=True)
    assert len(heights) == 1
    assert page.evaluate("window.shift") < 0.02


@pytest.mark.parametrize("name", ["cpu-en-light", "cpu-en-dark", "cpu-zh-light", "gpu-zh-dark"])
def test_axe_finds_nothing(open_page, name):
    page = open_page(name)
    stage(page).locator("button").nth(1).click()
    found = violations(page)
    assert [(each["id"], [node["html"][:90] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize(("lang", "shown", "hidden"), [("en", "One loop becomes several", "一个循环变成"),
                                                       ("zh", "一个循环变成", "One loop becomes several")])  # fmt: skip
def test_without_scripts_the_steps_are_text_in_the_pages_language(open_page, lang, shown, hidden):
    text = open_page(f"cpu-{lang}-light", scripts=False).locator(".mlc-widget-plain").inner_text()
    assert "split(j, [None, 4])" in text
    assert shown in text
    assert hidden not in text
