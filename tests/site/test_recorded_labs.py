"""Recorded results: taken from a lab that ran, told apart by what it ran on, and shown where nothing can run."""

import json
import re

import pytest
from tvm.s_tir import Schedule

from mlc_course.authoring.recorded_labs import honest, main, opened, run, write
from mlc_ref.frameworks.labs import digit_lab
from mlc_ref.gpu import programs, reference
from mlc_ref.gpu.schedules import matmul, transpose
from mlc_ref.schedules.labs import TILES
from mlc_ref.webgpu import labs
from mlc_ref.webgpu.labs import Measure, ladder

RECORD = {"device": "card", "software": False, "seconds": {"naive": 0.00123456, "padded": 2.0}}
NO_GPU = 'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });'


def small_ladder():
    steps = {name: step(Schedule(programs.transpose(32, 32))) for name, step in transpose.LADDER.items()}
    return ladder("small", steps, reference.transpose, {}, Measure(2 * 4 * 32 * 32, "GB/s"))


def test_a_device_in_software_is_called_so_in_both_languages():
    device = honest({**RECORD, "software": True})["device"]
    assert device == {"en": "card (in software, by a processor)", "zh": "由处理器模拟的软件设备 card"}
    assert honest(dict(RECORD))["device"] == "card"


def test_what_is_said_of_a_record_has_no_space_between_chinese_characters():
    said = [labs.said_of(json.loads(path.read_text("utf-8"))) for path in labs.RECORDS.glob("*.json")]
    assert said
    assert [text for text in said if re.search(r"[\u3400-\u9fff] +[\u3400-\u9fff]", text)] == []


def test_times_keep_three_digits():
    assert honest(dict(RECORD))["seconds"] == {"naive": 0.00123, "padded": 2.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"device": None}, "got device None"), ({"seconds": {"naive": None}}, "no time for naive; record again")],
)
def test_a_record_without_a_device_or_a_time_is_refused(change, message: str):
    with pytest.raises(ValueError, match=message):
        honest({**RECORD, **change})


def test_an_unknown_lab_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["matmul"])
    assert "got matmul, allowed matmul_ladder, " in capsys.readouterr().err


@pytest.mark.browser
def test_a_ladder_is_recorded_and_its_record_stands_in_where_nothing_can_run(
    tmp_path, monkeypatch, gpu_browser, open_piece
):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    with opened(gpu_browser, small_ladder()) as page:
        write("small", honest(run(page)), tmp_path)
    recorded = small_ladder().data["recorded"]
    assert list(recorded["seconds"]) == list(transpose.LADDER)
    assert "swiftshader (in software" in recorded["device"]["en"]
    page = open_piece(small_ladder().page_html(), before=NO_GPU).page
    page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    # Nothing was pressed: the counters come first, and the chart shows no time that no GPU took.
    said = page.inner_text(".mlc-gpu-status")
    assert "offers no WebGPU" in said
    assert "The table shows what the simulator counts" in said
    assert set(page.locator(".mlc-gpu-table tbody td:nth-last-of-type(3)").all_inner_texts()) == {"–"}
    below = page.locator(".mlc-gpu-table ~ details")
    assert below.locator("tbody tr").count() == len(transpose.LADDER)
    assert not below.locator("tbody").is_visible()
    below.locator("summary").click()
    assert "Times recorded on google swiftshader (in software, by a processor)" in below.inner_text()
    assert "do not say which step is fastest on a GPU" in below.inner_text()


@pytest.mark.browser
def test_the_readers_own_result_stands_in_the_chart_and_recorded_ones_below(tmp_path, monkeypatch, open_piece):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    write("small", {"device": "card", "seconds": dict.fromkeys(transpose.LADDER, 1.0)}, tmp_path)
    page = open_piece(small_ladder().page_html()).page
    page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    page.get_by_role("button", name="Run padded").click()
    page.wait_for_selector('.mlc-gpu-result[data-mood="fine"]')
    assert sorted(page.locator("tbody .mlc-gpu-result").all_inner_texts()) == ["right", "–", "–"]
    assert sum("(" in text for text in page.locator("tbody .mlc-gpu-number").all_inner_texts()) == 1
    page.click(".mlc-gpu-recorded summary")
    assert page.locator(".mlc-gpu-recorded td").all_inner_texts() == ["1 s"] * len(transpose.LADDER)
    assert "in software" not in page.inner_text(".mlc-gpu-recorded")


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_the_network_read_is_recorded_and_told_where_nothing_can_run(
    tmp_path, monkeypatch, gpu_browser, open_piece, lang: str
):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    with opened(gpu_browser, digit_lab()) as page:
        record = honest(run(page))
    assert record["answers"] == list(range(10))
    write("digits", record, tmp_path)
    page = open_piece(digit_lab().page_html(), lang=lang, before=NO_GPU).page
    page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    page.locator(".mlc-gpu-examples button").first.click()
    page.click(".mlc-gpu-main:enabled")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    said = page.inner_text(".mlc-gpu-status")
    assert ("were read as" if lang == "en" else "依次识别为") in said
    assert "0 1 2 3 4 5 6 7 8 9" in said


@pytest.mark.browser
def test_a_lab_that_fails_is_not_recorded(gpu_browser):
    with opened(gpu_browser, small_ladder()) as page:
        page.evaluate(NO_GPU)
        with pytest.raises(RuntimeError, match="the lab reports: This browser offers no WebGPU"):
            run(page)


SHIPPED = {
    "matmul_ladder": list(matmul.LADDER),
    "transpose_ladder": list(transpose.LADDER),
    "tile_sizes": [f"{tile} × {tile}" for tile in TILES],
    "digits": ["image"],
}


@pytest.mark.parametrize("lab", SHIPPED)
def test_the_records_that_ship_are_of_the_labs_steps_and_name_their_device(lab: str):
    record = labs.recorded(lab, SHIPPED[lab])
    assert record is not None
    assert "software" in json.dumps(record["device"])
