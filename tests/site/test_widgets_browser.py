"""Interactive pieces as readers meet them: both languages and themes, three widths, keyboard, without scripts."""

import re
from dataclasses import replace

import numpy as np
import pytest
from tvm.s_tir import Schedule
from widget_page import open_widget

from mlc_ref.end_to_end import programs
from mlc_ref.gpu import programs as kernels
from mlc_ref.gpu.schedules import transpose
from mlc_ref.gpu_sim import simulate
from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization import programs as graphs
from mlc_ref.viz import explore_access, explore_graph
from mlc_ref.viz.roofline import roofline

pytestmark = [pytest.mark.browser]


def _transposed(step):
    mod = step(Schedule(kernels.transpose(64, 96))).mod
    result = simulate(mod, [np.ones((64, 96), "float32")], [((96, 64), "float32")])
    return explore_access(result, shapes={"A": (64, 96), "B": (96, 64)})


SAMPLES = {
    "roofline": lambda: roofline(
        {"naive": (200, 800), "tiled": (200, 100), "vectorized": (200, 100), "packed": (200, 10)}
    ),
    "access": lambda: _transposed(transpose.shared),
    "graph": lambda: explore_graph(programs.MLP, unfolded=["relu0"]),
    "pipeline": lambda: explore_graph(graphs.MultiplyAdd, passes.RewriteMultiplyAdd, passes.MergeLoops),
}


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request):
    return SAMPLES[request.param]()


@pytest.fixture
def show(browser):
    opened = []

    def open_one(widget, **options):
        opened.append(open_widget(browser, widget, **options))
        return opened[-1]

    yield open_one
    for each in opened:
        each.page.context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_widget_is_drawn_silently_and_accessibly(show, sample, language, dark):
    shown = show(sample, language=language, dark=dark)
    assert shown.root.get_attribute("data-state") == "drawn"
    assert shown.messages == []
    assert shown.violations() == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_widget_fits_the_screen_and_nothing_jumps(show, sample, width):
    shown = show(sample, width=width)
    shown.page.wait_for_timeout(150)
    assert shown.width <= width
    assert shown.shifts < 0.02


def test_room_that_is_kept_and_not_used_is_given_back_out_of_sight(show):
    widget = replace(SAMPLES["access"](), height=5000)
    shown = show(widget, width=360)
    assert shown.root.bounding_box()["height"] < 4000
    assert shown.shifts < 0.02


def test_room_in_sight_stays_as_it_is(show):
    widget = replace(SAMPLES["pipeline"](), height=850)
    shown = show(widget, width=1440)
    assert shown.root.bounding_box()["height"] >= 850


def test_the_chinese_widget_has_no_english_words_in_its_controls(show, sample):
    shown = show(sample, language="zh")
    labels = shown.root.locator(".mlc-controls").all_inner_texts()
    identifiers = r"[A-Za-z_.]*(Rewrite|Merge|block|thread|GFLOP|GB)\w*(/s)?\S*"
    words = [word for text in labels for word in re.findall(r"[A-Za-z]{4,}", re.sub(identifiers, "", text))]
    assert words == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_scripts_the_text_is_shown_in_the_pages_language_alone(show, sample, language):
    shown = show(sample, language=language, scripts=False)
    other = {"en": "zh", "zh": "en"}[language]
    assert shown.root.locator(".mlc-widget-plain").is_visible()
    assert [each for each in shown.root.locator(f"[data-lang={other}]").all() if each.is_visible()] == []


@pytest.fixture
def pipeline(show):
    return show(SAMPLES["pipeline"]())


def test_a_step_marks_what_is_new_and_its_other_side_what_goes(pipeline):
    root = pipeline.root
    assert root.locator(".mlc-isNew").count() == 2
    assert root.locator(".mlc-graph-status").inner_text().startswith("In main, 4 calls go, 2 are new.")
    root.get_by_role("button", name="Before", exact=True).click()
    assert root.locator(".mlc-isGone").count() == 4
    root.get_by_role("button", name="as given").click()
    assert root.locator(".mlc-mark").count() == 0
    assert root.get_by_role("button", name="Before", exact=True).is_disabled()


def test_arrow_keys_walk_the_pipeline(pipeline):
    pipeline.root.get_by_role("button", name="as given").focus()
    pipeline.page.keyboard.press("ArrowRight")
    pipeline.page.keyboard.press("ArrowRight")
    current = pipeline.root.locator("[aria-current=step]")
    assert current.inner_text() == "MergeLoops"
    assert current.evaluate("each => each === document.activeElement")


def test_a_call_unfolds_to_its_loops_by_keyboard_and_keeps_the_focus(show):
    shown = show(explore_graph(programs.MLP))
    button = shown.root.get_by_role("button", name="relu0")
    button.focus()
    shown.page.keyboard.press("Enter")
    assert shown.root.get_by_role("button", name="relu0").get_attribute("aria-expanded") == "true"
    assert shown.page.evaluate("document.activeElement.textContent").endswith("relu0")
    assert "T.max(x[vi, vj], 0.0)" in shown.root.locator("pre.mlc-lines").inner_text()


def test_everything_folds_and_unfolds_at_once(show):
    shown = show(explore_graph(programs.MLP))
    shown.root.get_by_role("button", name="Unfold all").tap()
    assert shown.root.locator("pre.mlc-lines").count() == 3
    shown.root.get_by_role("button", name="Fold all", exact=True).tap()
    assert shown.root.locator(".mlc-node.mlc-node-program").count() == 0
    assert "3 calls" in shown.root.locator(".mlc-node-block").inner_text()


def test_boxes_do_not_overlap(pipeline):
    pipeline.root.get_by_role("button", name="Unfold all").click()
    boxes = pipeline.root.locator(".mlc-node-block > .mlc-level > .mlc-node")
    rectangles = [each.bounding_box() for each in boxes.all()]
    assert len(rectangles) > 4
    for i, one in enumerate(rectangles):
        for other in rectangles[i + 1 :]:
            apart_x = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            apart_y = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            assert apart_x or apart_y


@pytest.fixture
def access(show):
    return show(_transposed(transpose.shared))


def lines(shown):
    return shown.root.locator(".mlc-access-view").all_inner_texts()


def test_the_slider_shows_one_thread_in_every_statement_sector_and_bank(access):
    access.root.locator("input[type=range]").focus()
    for _ in range(3):
        access.page.keyboard.press("ArrowRight")
    assert "threadIdx (3, 0)" in access.root.locator("output").inner_text()
    load, store, read, write = lines(access)
    assert "A[0, 3]: byte 12, sector 0; 7 other threads in this sector." in load
    assert "word 3, bank 3; the warp wants 1 word of this bank." in store
    assert "word 96, bank 0; the warp wants 32 words of this bank." in read
    assert "32 passes" in read
    assert "B[0, 3]: byte 12" in write
    assert access.root.locator(".mlc-banks .mlc-rival").count() == 31


@pytest.mark.parametrize("way", ["hover", "tap"])
def test_a_word_that_is_pointed_at_chooses_its_thread(access, way):
    getattr(access.root.locator(".mlc-sectors [data-lane='9']").first, way)()
    assert "threadIdx (9, 0)" in access.root.locator("output").inner_text()
    assert access.root.locator("input[type=range]").input_value() == "9"


def test_another_warp_and_another_block_touch_other_memory(access):
    access.root.get_by_label("Warp", exact=True).select_option("1")
    assert "threadIdx (0, 1)" in access.root.locator("output").inner_text()
    assert "A[1, 0]" in lines(access)[0]
    access.root.get_by_label("Block", exact=True).select_option("1")
    assert "blockIdx (1, 0)" in access.root.locator("output").inner_text()
    assert "A[33, 0]" in lines(access)[0]


@pytest.fixture
def roof(show):
    return show(SAMPLES["roofline"]())


def bounds(shown):
    return shown.root.locator(".mlc-roofline-table tbody tr td:nth-child(3)").all_inner_texts()


def test_the_roofline_follows_the_readers_figures_and_remembers_them(roof):
    assert bounds(roof) == ["2.5", "20", "20", "50"]
    assert roof.root.locator(".mlc-roofline-table tbody tr td:nth-child(4)").all_inner_texts() == [
        "memory",
        "memory",
        "memory",
        "computing",
    ]
    roof.root.get_by_label("Memory, GB/s").fill("20")
    assert bounds(roof) == ["5", "40", "40", "50"]
    roof.page.reload()
    roof.page.locator(".mlc-widget[data-state]").wait_for()
    assert roof.root.get_by_label("Memory, GB/s").input_value() == "20"
    roof.root.get_by_role("button", name="Reset").click()
    assert bounds(roof) == ["2.5", "20", "20", "50"]
    assert roof.page.evaluate("localStorage.getItem('mlc-machine-cpu')") is None


def test_a_figure_that_is_no_number_changes_nothing_and_is_marked(roof):
    field = roof.root.get_by_label("Peak, GFLOP/s")
    field.fill("fast")
    assert field.get_attribute("aria-invalid") == "true"
    assert bounds(roof) == ["2.5", "20", "20", "50"]


def test_spoilt_figures_in_the_browser_do_no_harm(show):
    shown = show(SAMPLES["roofline"](), storage={"mlc-machine-cpu": "{"})
    assert bounds(shown) == ["2.5", "20", "20", "50"]
    assert shown.messages == []


def test_long_numbers_beside_the_axis_are_not_cut_off(show):
    shown = show(SAMPLES["roofline"](), storage={"mlc-machine-cpu": '{"gflops": 1900000, "gbytes": 1555}'})
    chart = shown.root.locator(".mlc-roofline svg").bounding_box()
    numbers = [each.bounding_box() for each in shown.root.locator(".mlc-roofline svg text").all()]
    assert min(box["x"] for box in numbers) >= chart["x"]


def test_labels_of_the_roofline_are_legible_on_a_phone_and_apart(show):
    shown = show(SAMPLES["roofline"](), width=360)
    sizes = shown.root.locator("svg text").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 14
    circles = [each.bounding_box() for each in shown.root.locator(".mlc-roof-label").all()]
    centres = [(box["x"], box["y"]) for box in circles]
    assert len(centres) == 4
    assert min(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for i, a in enumerate(centres) for b in centres[:i]) >= 18
