"""The lab of the language model, as a page shows it: it writes, is told to stop, and says what goes wrong."""

import re
from dataclasses import replace

import pytest
from axe_violations import violations

from mlc_ref.language_models.config import SMALL
from mlc_ref.language_models.numpy_model import random_weights
from mlc_ref.language_models.page.lab import new_stories, writer_lab
from mlc_ref.language_models.tokens import vocabulary

pytestmark = pytest.mark.browser

NO_GPU = 'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });'
CONFIG = replace(SMALL, vocab=len(vocabulary()), ffn=64, length=96)


@pytest.fixture(scope="module")
def lab():
    return writer_lab("writer", CONFIG, random_weights(CONFIG, seed=2), new_stories(3))


@pytest.fixture
def opened(open_piece, lab):
    """A page with the lab; the model's file is answered as the site would, or by ``answer``."""
    widget, file = lab

    def open_page(*, answer=None, **options):
        visitor = open_piece(widget.page_html(), **options)
        reply = answer or (lambda route: route.fulfill(body=file.content, content_type="application/gzip"))
        visitor.page.route("**/_static/models/*", reply)
        visitor.page.wait_for_selector('.mlc-widget[data-state="drawn"]')
        return visitor.page

    return open_page


def write(page) -> str:
    page.click(".mlc-gpu-main")
    page.wait_for_selector(".mlc-gpu-main:not([disabled])")
    return page.inner_text(".mlc-writer-text")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_writes_known_words_of_the_vocabulary_and_says_how_fast(opened, lang):
    page = opened(lang=lang)
    text = write(page)
    status = page.inner_text(".mlc-gpu-status")
    assert text, status
    assert re.search(
        r"read \d+ words and wrote \d+, [\d.]+ a second"
        if lang == "en"
        else r"读了 \d+ 个词，写了 \d+ 个，每秒 [\d.]+ 个",
        status,
    )
    assert "swiftshader" in status.lower()
    assert page.locator(".mlc-gpu-shares tr").count() == 12
    heard = page.text_content(".mlc-writer-heard")
    assert heard
    assert heard.strip() in text


def test_temperature_and_seed_decide_what_is_written(opened):
    page = opened()
    page.get_by_label("Go on writing").check()
    first = write(page)
    assert write(page) == first
    page.get_by_label("Temperature").fill("1.5")
    warm = write(page)
    page.get_by_label("Seed").fill("2")
    assert len({first, warm, write(page)}) == 3
    page.get_by_label("Seed").fill("1")
    assert write(page) == warm


def test_the_right_answer_is_shown_where_another_was_written(opened):
    page = opened()
    write(page)
    assert page.inner_text(".mlc-writer-verdict").startswith(("Right would be: ", "The model takes no longer text"))


def test_a_word_the_model_never_read_is_named_and_nothing_is_fetched(opened):
    asked: list[str] = []

    def answer(route):
        asked.append(route.request.url)
        route.abort()

    page = opened(answer=answer)
    page.get_by_label("The story").fill("Lily went to the casino.")
    write(page)
    assert "casino" in page.inner_text(".mlc-gpu-status")
    assert asked == []


@pytest.mark.console_errors
@pytest.mark.parametrize(
    ("case", "said"), [("missing", r"did not come \(404\)"), ("other", "is not the one this page was made with")]
)
def test_a_model_that_does_not_come_or_is_another_is_told_and_can_be_asked_for_again(opened, lab, case, said):
    replies = [{"status": 404, "body": ""} if case == "missing" else {"body": b"\x1f\x8b other"}]

    def answer(route):
        route.fulfill(**(replies.pop() if replies else {"body": lab[1].content}))

    page = opened(answer=answer)
    write(page)
    assert re.search(said, page.inner_text(".mlc-gpu-status"))
    assert write(page)


def test_without_webgpu_the_reader_is_told(opened):
    page = opened(before=NO_GPU)
    write(page)
    assert "WebGPU" in page.inner_text(".mlc-gpu-status")


def test_the_kernels_of_a_word_open_to_program_and_wgsl(opened, lab):
    page = opened()
    page.locator("summary").click()
    buttons = page.locator(".mlc-gpu-step")
    assert buttons.count() == len(lab[0].data["kernels"])
    buttons.nth(1).click()
    page.wait_for_selector(".mlc-gpu-code span")
    assert "T.thread_binding" in page.inner_text(".mlc-gpu-code")
    page.get_by_role("tab", name=re.compile("WGSL")).click()
    assert "@compute" in page.inner_text(".mlc-gpu-code")


def test_a_story_without_words_is_refused(opened):
    page = opened()
    page.get_by_label("The story").fill(" ")
    write(page)
    assert "at least one word" in page.inner_text(".mlc-gpu-status")


@pytest.mark.parametrize(("lang", "dark", "width"), [("en", False, 1000), ("zh", True, 360)])
def test_axe_finds_nothing_and_a_phone_scrolls_in_one_direction(opened, lang, dark, width):
    page = opened(lang=lang, dark=dark, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = violations(page, runOnly=["wcag2a", "wcag2aa"])
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
