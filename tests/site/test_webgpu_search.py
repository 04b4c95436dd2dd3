"""The search lab as a page shows it: live on a device in software, stopped, without a device, and by keyboard."""

import base64
import gzip
import json
import re

import pytest
from axe_violations import violations

from mlc_ref.gpu import programs, reference, tuning
from mlc_ref.webgpu import labs
from mlc_ref.webgpu.labs import Measure
from mlc_ref.webgpu.searching import search

pytestmark = pytest.mark.browser

SIDE, DRAWS = 32, 24
ORACLE = {"name": "matmul", "n": SIDE, "m": SIDE, "k": SIDE}
NO_GPU = 'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });'


def made():
    points = tuning.points(programs.matmul(SIDE, SIDE, SIDE), DRAWS)
    return search("small_search", points, reference.matmul, Measure(2 * SIDE**3, "GFLOP/s"), oracle=ORACLE)


@pytest.fixture(scope="module")
def html():
    return made().page_html()


@pytest.fixture(scope="module")
def recorded_html(tmp_path_factory):
    """The lab with a record, as if its points took 1, 2, 3, … milliseconds."""
    folder = tmp_path_factory.mktemp("records")
    packed = json.loads(gzip.decompress(base64.b64decode(made().data["packed"])))
    seconds = {name: (i + 1) / 1000 for i, name in enumerate(packed["artefacts"])}
    (folder / "small_search.json").write_text(json.dumps({"device": "a recorded device", "seconds": seconds}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labs, "RECORDS", folder)
        return made().page_html()


def ready(visitor):
    visitor.page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    return visitor.page


def cells(page, row: int) -> list[str]:
    return page.locator(f"tbody tr:nth-of-type({row}) td").all_inner_texts()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_searches_run_live_and_show_the_winner(open_piece, html, lang: str):
    page = ready(open_piece(html, lang=lang))
    page.get_by_label("Measurements of each search" if lang == "en" else "每种搜索的测量次数").fill("12")
    page.click(".mlc-gpu-main")
    page.wait_for_selector("[data-record]")
    assert [cells(page, row)[0] for row in (1, 2)] == ["12", "12"]
    assert all(re.search(r"[\d.]+ GFLOP/s", cells(page, row)[2]) for row in (1, 2))
    assert page.locator(".mlc-gpu-curve").count() == 2
    assert page.locator(".mlc-gpu-curves .mlc-gpu-mark").count() == 24
    assert "swiftshader" in page.inner_text(".mlc-gpu-status").lower()
    assert re.search("plain JavaScript|普通 JavaScript", page.inner_text(".mlc-gpu-status"))
    assert "decision=" in page.inner_text(".mlc-gpu-code")
    assert re.search(r"%", page.inner_text(".mlc-gpu-learnt"))


def test_the_reader_changes_budget_and_seed_within_what_the_space_allows(open_piece, html):
    page = ready(open_piece(html))
    budget, seed = page.get_by_label("Measurements of each search"), page.get_by_label("Seed")
    budget.fill("100000")
    seed.fill("-3")
    seed.blur()
    assert 8 <= int(budget.input_value()) <= DRAWS
    assert seed.input_value() == "1"


def test_a_search_is_stopped_and_what_it_found_stays(open_piece, html):
    page = ready(open_piece(html))
    page.click(".mlc-gpu-main")
    page.wait_for_function("Number(document.querySelector('tbody td').textContent) >= 2")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("[data-record]")
    assert 2 <= int(cells(page, 1)[0]) < 24
    assert page.is_enabled(".mlc-gpu-main")
    assert not page.get_by_role("button", name="Stop").is_enabled()


def test_the_lab_is_worked_with_the_keyboard(open_piece, html):
    page = ready(open_piece(html))
    page.get_by_label("Measurements of each search").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("8")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-record]")
    assert page.evaluate("document.activeElement.className") == "mlc-gpu-main"
    page.locator("tbody button").first.focus()
    page.keyboard.press("Enter")
    name = page.locator("tbody button").first.inner_text()
    assert page.inner_text(".mlc-gpu-title") == f"Program of {name}"


def test_a_schedule_whose_result_is_wrong_never_wins(open_piece):
    points = tuning.points(programs.matmul(SIDE, SIDE, SIDE), DRAWS)
    lab = search("wrong", points, reference.matmul, Measure(2 * SIDE**3, "GFLOP/s"), tolerance=1e-4)
    spoil = """const read = GPUBuffer.prototype.getMappedRange; let reads = 0;
      GPUBuffer.prototype.getMappedRange = function (...args) {
        const range = read.apply(this, args);
        if (range.byteLength > 64 && ++reads % 2) new Float32Array(range).fill(7);
        return range;
      };"""
    page = ready(open_piece(lab.page_html(), before=spoil))
    page.get_by_label("Measurements of each search").fill("8")
    page.click(".mlc-gpu-main")
    page.wait_for_selector("[data-record]")
    said = re.search(r"(\d+) gave a wrong result", page.inner_text(".mlc-gpu-status"))
    assert said is not None
    assert int(said[1]) > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_webgpu_the_search_runs_on_recorded_times_and_says_so(open_piece, recorded_html, lang: str):
    page = ready(open_piece(recorded_html, lang=lang, before=NO_GPU))
    page.click(".mlc-gpu-main")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    status = page.inner_text(".mlc-gpu-status")
    assert ("offers no WebGPU" if lang == "en" else "没有提供 WebGPU") in status
    assert ("Recorded for this page on a recorded device" if lang == "en" else "在 a recorded device 上测得") in status
    assert page.locator(".mlc-gpu-curve").count() == 2
    assert "ms" in cells(page, 1)[2]


def test_recorded_times_can_be_searched_on_purpose(open_piece, recorded_html):
    page = ready(open_piece(recorded_html))
    page.get_by_role("button", name="Search recorded times").click()
    page.wait_for_function("/recorded device/.test(document.querySelector('.mlc-gpu-status').textContent)")
    assert page.locator(".mlc-gpu-curve").count() == 2
    assert page.locator("[data-record]").count() == 0


def test_without_webgpu_and_without_a_record_the_reader_is_told(open_piece, html):
    page = ready(open_piece(html, before=NO_GPU))
    page.click(".mlc-gpu-main")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert "offers no WebGPU" in page.inner_text(".mlc-gpu-status")


LOSE = """const submit = GPUQueue.prototype.submit, request = GPUAdapter.prototype.requestDevice;
  let device = null, submits = 0;
  GPUAdapter.prototype.requestDevice = async function (...args) { return (device = await request.apply(this, args)); };
  GPUQueue.prototype.submit = function (...args) { if (++submits === 12) device.destroy(); return submit.apply(this, args); };"""


def test_a_lost_device_ends_the_search_and_the_next_one_runs(open_piece, html):
    page = ready(open_piece(html, before=LOSE))
    page.get_by_label("Measurements of each search").fill("8")
    page.click(".mlc-gpu-main")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert "The device was lost" in page.inner_text(".mlc-gpu-status")
    page.click(".mlc-gpu-main")
    page.wait_for_selector("[data-record]")
    assert cells(page, 1)[0] == "8"


def test_where_the_device_is_lost_recorded_times_stand_in(open_piece, recorded_html):
    page = ready(open_piece(recorded_html, before=LOSE))
    page.click(".mlc-gpu-main")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    said = page.inner_text(".mlc-gpu-status")
    assert "The device was lost" in said
    assert "Recorded for this page on a recorded device" in said
    assert cells(page, 1)[0] == cells(page, 2)[0] != "0"


@pytest.mark.parametrize("dark", [False, True])
def test_the_lab_is_accessible_and_fits_a_phone(open_piece, recorded_html, dark: bool):
    page = ready(open_piece(recorded_html, width=360, dark=dark))
    page.get_by_role("button", name="Search recorded times").click()
    page.wait_for_selector("tbody button")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = violations(page, runOnly=["wcag2a", "wcag2aa"])
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
