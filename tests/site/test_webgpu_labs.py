"""The labs on the reader's GPU, as a page shows them: every artefact runs and verifies, and faults are told."""

import re

import pytest
from axe_violations import violations
from tvm.s_tir import Schedule

from mlc_ref.frameworks.labs import digit_lab
from mlc_ref.gpu import programs
from mlc_ref.gpu.labs import matmul_lab, own_file_lab, transpose_lab
from mlc_ref.gpu.schedules import transpose
from mlc_ref.webgpu import export_webgpu

pytestmark = pytest.mark.browser

LABS = {"matmul": lambda: matmul_lab(64), "transpose": lambda: transpose_lab(64)}
NO_GPU = 'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });'


@pytest.fixture(scope="module")
def html():
    """The HTML of a lab, made once."""
    made: dict[str, str] = {}

    def of(name: str) -> str:
        if name not in made:
            made[name] = (digit_lab if name == "digit" else LABS[name])().page_html()
        return made[name]

    return of


def ready(visitor):
    visitor.page.wait_for_selector('.mlc-widget[data-state="drawn"]')
    return visitor.page


def status(page) -> str:
    return page.inner_text(".mlc-gpu-status")


def assert_accessible(page) -> None:
    found = violations(page, runOnly=["wcag2a", "wcag2aa"])
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


@pytest.mark.parametrize(("name", "lang"), [("matmul", "en"), ("transpose", "zh")])
def test_every_step_of_a_ladder_runs_and_is_right(open_piece, html, name: str, lang: str):
    page = ready(open_piece(html(name), lang=lang))
    page.click(".mlc-gpu-main")
    page.wait_for_selector("[data-record]")
    results = page.locator("tbody .mlc-gpu-result").all_inner_texts()
    assert set(results) == {"right" if lang == "en" else "正确"}
    assert re.search("plain JavaScript|普通 JavaScript", status(page))
    assert "swiftshader" in status(page).lower()
    measured = page.locator("tbody td:nth-of-type(3) .mlc-gpu-number").all_inner_texts()
    assert all(re.match(r"[\d.]+ \(", text) for text in measured)


def test_a_step_shows_its_program_and_its_wgsl(open_piece, html):
    page = ready(open_piece(html("matmul")))
    page.get_by_role("button", name="shared_blocking", exact=True).click()
    assert page.inner_text(".mlc-gpu-title") == "Program of shared_blocking"
    assert "T.thread_binding" in page.inner_text(".mlc-gpu-code")
    page.get_by_role("tab", name=re.compile("WGSL")).click()
    assert "workgroupBarrier();" in page.inner_text(".mlc-gpu-code")


def test_a_ladder_is_worked_with_the_keyboard(open_piece, html):
    page = ready(open_piece(html("transpose")))
    page.get_by_role("tab", name="TensorIR").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name=re.compile("WGSL")).get_attribute("aria-selected") == "true"
    page.get_by_role("button", name="Run padded").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('tr:nth-of-type(3) .mlc-gpu-result[data-mood="fine"]')
    assert page.evaluate("document.activeElement.ariaLabel") == "Run padded"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["matmul", "digit"])
def test_labs_are_accessible_and_fit_a_phone(open_piece, html, name: str, dark: bool):
    page = ready(open_piece(html(name), width=360, dark=dark))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert_accessible(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_webgpu_a_ladder_says_so_and_keeps_its_counters(open_piece, html, lang: str):
    page = ready(open_piece(html("matmul"), lang=lang, before=NO_GPU))
    page.click(".mlc-gpu-main")
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert ("offers no WebGPU" if lang == "en" else "没有提供 WebGPU") in status(page)
    assert page.locator("tbody td:nth-of-type(1) .mlc-gpu-number").first.inner_text() != "–"
    assert page.is_enabled(".mlc-gpu-main")


def draw_seven(page) -> None:
    box = page.locator(".mlc-gpu-board").bounding_box()
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    page.mouse.move(*at(0.28, 0.15))
    page.mouse.down()
    page.mouse.move(*at(0.72, 0.15), steps=4)
    page.mouse.move(*at(0.45, 0.88), steps=6)
    page.mouse.up()


def answer(page) -> str:
    page.wait_for_function("/[:：]/.test(document.querySelector('.mlc-gpu-answer').textContent)")
    return page.inner_text(".mlc-gpu-answer")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_drawn_digit_is_read_on_the_device(open_piece, html, lang: str):
    page = ready(open_piece(html("digit"), lang=lang))
    assert not page.is_enabled(".mlc-gpu-main")
    draw_seven(page)
    page.click(".mlc-gpu-main")
    assert answer(page) == ("It reads: 7" if lang == "en" else "识别为：7")
    assert re.search("plain JavaScript|普通 JavaScript", status(page))


def test_every_example_is_read_right(open_piece, html):
    page = ready(open_piece(html("digit")))
    page.click('[aria-label="Example of the digit 0"]')
    page.click(".mlc-gpu-main")
    for digit in range(10):
        page.click(f'[aria-label="Example of the digit {digit}"]')
        page.wait_for_function(f"document.querySelector('.mlc-gpu-answer').textContent === 'It reads: {digit}'")


def test_a_digit_can_be_drawn_with_the_keyboard(open_piece, html):
    page = ready(open_piece(html("digit")))
    page.focus(".mlc-gpu-board")
    for key in ["ArrowUp"] * 10 + [" "] + ["ArrowDown"] * 20 + [" "]:
        page.keyboard.press(key)
    page.click(".mlc-gpu-main")
    assert answer(page) == "It reads: 1"
    page.get_by_role("button", name="Clear").press("Enter")
    assert not page.is_enabled(".mlc-gpu-main")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_scribble_gets_no_answer_and_the_pen_s_width_changes_nothing_but_the_line(open_piece, html, lang: str):
    page = ready(open_piece(html("digit"), lang=lang, before=NO_GPU))
    box = page.locator(".mlc-gpu-board").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    for i in range(14):
        page.mouse.move(box["x"] + 30 + 14 * i, box["y"] + (200 if i % 2 else 40))
    page.mouse.up()
    pixels = page.inner_html(".mlc-gpu-pixels")
    page.get_by_label("Pen width" if lang == "en" else "笔的粗细").press("Home")
    assert page.get_attribute(".mlc-gpu-strokes", "stroke-width") == "4"
    assert page.inner_html(".mlc-gpu-pixels") == pixels
    page.click(".mlc-gpu-main")
    page.wait_for_function("/not sure|拿不准/.test(document.querySelector('.mlc-gpu-answer').textContent)")


def test_each_launched_kernel_opens_to_its_program(open_piece, html):
    page = ready(open_piece(html("digit")))
    kernels = page.locator(".mlc-gpu-step")
    assert kernels.count() == 3
    for i in range(3):
        kernels.nth(i).click()
        assert kernels.nth(i).inner_text().split()[1] in page.inner_text(".mlc-gpu-title")


def test_the_front_pages_lab_opens_no_program_before_a_kernel_is_pressed(open_piece):
    page = ready(open_piece(digit_lab(program=False).page_html()))
    assert page.locator(".mlc-gpu-code").is_hidden()
    page.locator(".mlc-gpu-step").nth(1).click()
    page.locator(".mlc-gpu-code", has_text="T.prim_func").wait_for()


def test_without_webgpu_plain_javascript_reads_the_digit(open_piece, html):
    page = ready(open_piece(html("digit"), before=NO_GPU))
    draw_seven(page)
    page.click(".mlc-gpu-main")
    assert answer(page) == "Plain JavaScript reads: 7"
    assert "offers no WebGPU" in status(page)


def test_a_lab_recovers_from_a_lost_device(open_piece, html):
    lose = """const submit = GPUQueue.prototype.submit, request = GPUAdapter.prototype.requestDevice;
      let device = null, submits = 0;
      GPUAdapter.prototype.requestDevice = async function (...args) { return (device = await request.apply(this, args)); };
      GPUQueue.prototype.submit = function (...args) { if (++submits === 2) device.destroy(); return submit.apply(this, args); };"""
    page = ready(open_piece(html("transpose"), before=lose))
    run = page.get_by_role("button", name="Run naive")
    run.click()
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert "The device was lost" in status(page)
    run.click()
    page.wait_for_selector('.mlc-gpu-result[data-mood="fine"]')


# The 30 seconds that a page waits take five here.
HANG_ONCE = """const done = GPUQueue.prototype.onSubmittedWorkDone, wait = window.setTimeout;
  let calls = 0;
  GPUQueue.prototype.onSubmittedWorkDone = function () { return ++calls === 1 ? new Promise(() => {}) : done.call(this); };
  window.setTimeout = (work, ms, ...rest) => wait(work, ms === 30000 ? 5000 : ms, ...rest);"""


@pytest.mark.parametrize(
    ("lang", "said", "step"),
    [
        ("en", "The kernels did not finish within 30 s. Nothing can interrupt a GPU", "Run naive"),
        ("zh", "内核没有在 30 秒内完成。GPU 上的工作无法中断", "运行 naive"),
    ],
)
def test_a_kernel_that_does_not_come_back_is_given_up_and_the_next_run_works(open_piece, html, lang, said, step):
    page = ready(open_piece(html("transpose"), lang=lang, before=HANG_ONCE))
    run = page.get_by_role("button", name=step)
    run.click()
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert said in status(page)
    run.click()
    page.wait_for_selector('.mlc-gpu-result[data-mood="fine"]')


def test_labs_are_light_before_they_run(html):
    import gzip

    for name in (*LABS, "digit"):
        assert len(gzip.compress(html(name).encode())) < 40_000


@pytest.fixture(scope="module")
def own_file():
    return own_file_lab().page_html()


def exported(tmp_path, name: str = "mine"):
    sch = transpose.padded(Schedule(programs.transpose(32, 32)))
    return export_webgpu(sch, tmp_path / f"{name}.json")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_exported_schedule_runs_where_it_is_dropped(open_piece, own_file, tmp_path, lang: str):
    page = ready(open_piece(own_file, lang=lang))
    page.set_input_files("input[type=file]", exported(tmp_path))
    page.click(".mlc-gpu-main:enabled")
    page.wait_for_function("/[,，]/.test(document.querySelector('.mlc-gpu-answer').textContent)")
    assert page.inner_text(".mlc-gpu-answer").startswith("right" if lang == "en" else "正确")
    assert "main_kernel" in page.inner_text("table")


def test_the_example_runs_without_a_file(open_piece, own_file):
    page = ready(open_piece(own_file))
    page.click("text=Take an example")
    page.click(".mlc-gpu-main:enabled")
    page.wait_for_function("document.querySelector('.mlc-gpu-answer').textContent.startsWith('right')")


def test_dropping_a_file_is_choosing_it(open_piece, own_file, tmp_path):
    page = ready(open_piece(own_file))
    transfer = page.evaluate_handle(
        """(text) => { const data = new DataTransfer(); data.items.add(new File([text], "mine.json")); return data; }""",
        exported(tmp_path).read_text("utf-8"),
    )
    page.dispatch_event(".mlc-gpu-drop", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".mlc-gpu-main:enabled")
    assert page.inner_text(".mlc-gpu-title >> nth=0") == "mine"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[: len(text) // 2], "allowed JSON"),
        (lambda text: text.replace('"block":[32,8,1]', '"block":[4096,1,1]'), "block"),
        (lambda text: text.replace("mine", "<img src=x onerror=alert(1)>", 1).replace('"version":2', '"version":9'), "version"),
        (lambda text: " " * 5_000_000, "5000000 bytes"),
    ],
)  # fmt: skip
def test_a_corrupted_file_is_refused_and_says_why(open_piece, own_file, tmp_path, change, message: str):
    page = ready(open_piece(own_file))
    path = exported(tmp_path)
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector('.mlc-gpu-status[data-mood="bad"]')
    assert message in status(page)
    assert not page.is_enabled(".mlc-gpu-main")


def test_a_name_in_a_file_is_shown_as_text(open_piece, own_file, tmp_path):
    page = ready(open_piece(own_file))
    path = exported(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"mine"', '"<b>bold</b>"'), "utf-8")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(".mlc-gpu-main:enabled")
    assert page.inner_text(".mlc-gpu-title >> nth=0") == "<b>bold</b>"
