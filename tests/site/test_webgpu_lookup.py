"""The lab that looks rows up by typed numbers: right rows, and one sentence before anything runs where a number is no row."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_violations import violations
from playwright.sync_api import Locator, Page

from mlc_ref.gpu.labs import lookup_lab

pytestmark = pytest.mark.browser

# Counts what reaches the device: launches, and data written to it.
COUNTING = """
globalThis.launched = 0;
globalThis.written = 0;
const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...grid) { launched += 1; return dispatchWorkgroups.apply(this, grid); };
const { writeBuffer } = GPUQueue.prototype;
GPUQueue.prototype.writeBuffer = function (...given) { written += 1; return writeBuffer.apply(this, given); };
"""
NO_GPU = 'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });'
RUN = {"en": "Look them up on my GPU", "zh": "在我的 GPU 上查表"}


@pytest.fixture(scope="module")
def html() -> str:
    return lookup_lab().page_html()


@pytest.fixture
def opened(open_piece: Callable[..., Any], html: str) -> Callable[..., Page]:
    """The lab on a page of its own, drawn; the page counts what reaches the device."""

    def open_lab(lang: str = "en", before: str = COUNTING, **options: Any) -> Page:
        page = open_piece(html, lang=lang, before=before, **options).page
        page.wait_for_selector('.mlc-widget[data-state="drawn"]')
        return page

    return open_lab


def fill(page: Page, texts: list[str]) -> list[Locator]:
    fields = page.locator(".mlc-gpu-ids input").all()
    for field, text in zip(fields, texts, strict=True):
        field.fill(text)
    return fields


def rows(page: Page) -> list[list[str]]:
    """The rows found, once they are there: the cells of each."""
    page.wait_for_selector(".mlc-gpu-rows:visible")
    return [row.locator("td").all_inner_texts() for row in page.locator(".mlc-gpu-rows tr").all()]


def counts(page: Page) -> list[int]:
    return page.evaluate("[launched, written]")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_rows_of_the_typed_numbers_come_back(opened: Callable[..., Page], lang: str):
    page = opened(lang)
    fill(page, ["9", " 0 ", "+5", "5", "007", "８"])  # as people and input methods write numbers
    page.get_by_role("button", name=RUN[lang]).click()
    assert rows(page) == [[str(10 * row + j) for j in range(4)] for row in (9, 0, 5, 5, 7, 8)]
    assert re.search("plain JavaScript finds the same|与普通 JavaScript 的结果一致", page.inner_text(".mlc-gpu-status"))
    assert counts(page)[0] == 1


# What is typed, and what is said of it. The last, cut to 32 bits, would be the row 3.
REFUSED = {
    "-1": "-1", "\u22121": "-1", "10": "10", "two": "“two”", "1.5": "“1.5”", "": "“”", "4294967299": "4294967299",
}  # fmt: skip
SENTENCES = {
    "en": "Element 2 of ids is {}, but the kernels take whole numbers from 0 to 9: nothing has run.",
    "zh": "ids 的第 2 个元素是 {}，而内核只接受 0 到 9 的整数：没有运行任何内核。",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_number_that_no_row_has_is_refused_in_one_sentence_and_nothing_runs(opened: Callable[..., Page], lang: str):
    page = opened(lang)
    go = page.get_by_role("button", name=RUN[lang])
    go.click()
    rows(page)
    before = counts(page)
    for typed, got in REFUSED.items():
        field = fill(page, ["1", "2", typed, "4", "11", "6"])[2]  # the first that is wrong is named
        go.click()
        refusal = page.locator(".mlc-gpu-refusal")
        page.wait_for_function(
            "said => document.querySelector('.mlc-gpu-refusal').textContent === said", arg=SENTENCES[lang].format(got)
        )
        assert field.get_attribute("aria-invalid") == "true"
        described = (field.get_attribute("aria-describedby") or "").split()
        assert refusal.get_attribute("id") in described
        assert page.locator('.mlc-gpu-ids input[aria-invalid="true"]').count() == 1
        assert field.evaluate("field => field === document.activeElement")
        assert not page.is_visible(".mlc-gpu-rows")  # rows found before are no answer
        assert page.inner_text(".mlc-gpu-status") == ""
        assert counts(page) == before, typed


def test_the_lab_is_worked_with_the_keyboard_and_recovers_from_a_refusal(opened: Callable[..., Page]):
    page = opened()
    page.get_by_label("ids[5]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.locator(".mlc-gpu-refusal", has_text="Element 5 of ids is 12").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    assert page.inner_text(".mlc-gpu-refusal") == ""
    assert page.get_by_label("ids[5]").get_attribute("aria-invalid") is None
    page.keyboard.press("Enter")
    assert rows(page)[5] == ["40", "41", "42", "43"]


@pytest.mark.parametrize(("lang", "dark"), [("en", False), ("zh", True)])
def test_the_lab_is_accessible_and_fits_a_phone(opened: Callable[..., Page], lang: str, dark: bool):
    page = opened(lang, width=360, dark=dark)
    fill(page, ["1", "2", "x", "4", "5", "6"])
    page.get_by_role("button", name=RUN[lang]).click()
    page.wait_for_selector('input[aria-invalid="true"]')
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = violations(page, runOnly=["wcag2a", "wcag2aa"])
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


def test_without_webgpu_numbers_are_judged_all_the_same(opened: Callable[..., Page]):
    page = opened(before=NO_GPU)
    fill(page, ["1", "2", "10", "4", "5", "6"])
    page.get_by_role("button", name=RUN["en"]).click()
    page.locator(".mlc-gpu-refusal", has_text="is 10").wait_for()
    fill(page, ["1", "2", "3", "4", "5", "6"])
    page.get_by_role("button", name=RUN["en"]).click()
    page.locator(".mlc-gpu-status", has_text="offers no WebGPU").wait_for()
    assert not page.is_visible(".mlc-gpu-rows")


def test_the_lab_shows_which_rows_there_are_and_the_program(opened: Callable[..., Page], html: str):
    page = opened()
    assert json.loads(html.split('<script type="application/json">')[1].split("</script>")[0])["range"] == [0, 9]
    assert "each from 0 to 9" in page.inner_text(".mlc-widget-stage")
    assert "table[ids[vi], vj]" in page.inner_text(".mlc-gpu-code")
