"""The labs where readers meet them, on the built pages: every artefact verifies, on a phone, in both themes, by keyboard."""

import json
from urllib.parse import urlsplit

import pytest
from axe_violations import violations
from playwright.sync_api import Locator, Page, Route

from mlc_course.root import course_root
from mlc_ref.gpu.labs import own_file_lab

pytestmark = pytest.mark.browser

LABS = {
    "index": ["webgpu_digit"],
    "schedules": ["webgpu_ladder"],
    "end_to_end": ["webgpu_digit"],
    "auto_tuning": ["webgpu_search"],
    "gpu": ["webgpu_ladder", "webgpu_ladder", "webgpu_lookup", "webgpu_file"],
}
VERIFY = """async (packed) => {
  const [{ parseArtefact, parseReference }, { tryArtefact }, { unpack }] = await Promise.all(
    ["artefact", "trial", "unpack"].map((name) => import(`/sources/widgets/webgpu/${name}.js`)));
  const contents = await unpack(packed);
  const all = contents.artefacts ? Object.values(contents.artefacts) : [contents];
  const verdicts = [];
  for (const data of all) {
    const artefact = parseArtefact({ ...data, reference: data.reference ?? null });
    const reference = artefact.reference ?? parseReference(contents.reference, artefact.tensors);
    verdicts.push([artefact.name, (await tryArtefact(artefact, { reference, timed: false })).agrees]);
  }
  return verdicts;
}"""


def lab(page: Page, name: str) -> Locator:
    """The first lab of a kind, drawn."""
    widget = page.locator(f'.mlc-widget[data-widget="{name}"]').first
    widget.scroll_into_view_if_needed()
    page.wait_for_selector(f'.mlc-widget[data-widget="{name}"][data-state="drawn"]')
    return widget


def serve_sources(page: Page) -> None:
    """Let the page import the modules of the repository, under ``/sources/``: the site publishes bundles of them alone."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/sources/")
        route.fulfill(body=(course_root() / "chapters" / "_static" / path).read_bytes(), content_type="text/javascript")

    page.route("**/sources/**", answer)


def says(widget: Locator, text: str) -> None:
    widget.locator(".mlc-gpu-status", has_text=text).wait_for()


@pytest.mark.parametrize("page_name", LABS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page_holds_its_labs(site, page_name: str, language: str):
    html = (site / language / f"{page_name}.html").read_text("utf-8")
    found = [name.split('"')[0] for name in html.split('data-widget="webgpu_')[1:]]
    assert [f"webgpu_{name}" for name in found] == LABS[page_name]


@pytest.mark.parametrize("page_name", ["schedules", "gpu", "auto_tuning"])
def test_every_artefact_of_a_page_runs_and_is_right(visit_gpu, page_name: str):
    page = visit_gpu(f"en/{page_name}.html")
    serve_sources(page)
    scripts = page.locator('[data-widget^="webgpu_"] > script')
    assert scripts.count() == len(LABS[page_name])
    for script in scripts.all():
        data = json.loads(script.text_content() or "")
        verdicts = page.evaluate(VERIFY, data.get("packed") or data["example"])
        assert verdicts
        assert [name for name, agrees in verdicts if not agrees] == []


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("zh", True)])
def test_the_tile_lab_works_on_a_phone_by_keyboard(visit_gpu, language: str, dark: bool):
    page = visit_gpu(f"{language}/schedules.html", width=360, dark=dark)
    widget = lab(page, "webgpu_ladder")
    widget.get_by_role("button", name="4 × 4", exact=True).press("Enter")
    assert "4 × 4" in widget.locator(".mlc-gpu-title").inner_text()
    widget.get_by_role("button", name="Run 4 × 4" if language == "en" else "运行 4 × 4").press("Enter")
    widget.locator('.mlc-gpu-result[data-mood="fine"]').wait_for()
    assert widget.evaluate("(root) => root.scrollWidth <= root.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert accessible(page) == []


@pytest.mark.parametrize(("language", "dark"), [("en", True), ("zh", False)])
def test_the_drop_zone_works_on_a_phone_by_keyboard(visit_gpu, language: str, dark: bool):
    page = visit_gpu(f"{language}/gpu.html", width=360, dark=dark)
    widget = lab(page, "webgpu_file")
    widget.locator("input[type=file]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the example
    widget.locator(".mlc-gpu-main:enabled").press("Enter")
    answer = "right" if language == "en" else "正确"
    widget.locator(".mlc-gpu-answer", has_text=answer).wait_for()
    assert page.evaluate("document.activeElement.className") == "mlc-gpu-main"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert accessible(page) == []


def accessible(page: Page) -> list:
    # Without "preload" axe leaves the page's style sheets alone; it would ask for them again.
    found = violations(page, '.mlc-widget[data-widget^="webgpu_"]', runOnly=["wcag2a", "wcag2aa"], preload=False)
    return [(each["id"], each["nodes"][0]["html"][:120]) for each in found]


LOSE_ONCE = """const submit = GPUQueue.prototype.submit, request = GPUAdapter.prototype.requestDevice;
  let device = null, submits = 0;
  GPUAdapter.prototype.requestDevice = async function (...args) { return (device = await request.apply(this, args)); };
  GPUQueue.prototype.submit = function (...args) { if (++submits === 2) device.destroy(); return submit.apply(this, args); };"""


def test_the_drop_zone_recovers_from_a_lost_device(visit_gpu):
    widget = lab(visit_gpu("en/gpu.html", width=360, before=LOSE_ONCE), "webgpu_file")
    widget.get_by_role("button", name="Take an example").click()
    widget.locator(".mlc-gpu-main:enabled").click()
    says(widget, "The device was lost")
    widget.locator(".mlc-gpu-main:enabled").click()
    widget.locator(".mlc-gpu-answer", has_text="right").wait_for()


def test_the_tile_lab_recovers_from_a_lost_device(visit_gpu):
    widget = lab(visit_gpu("en/schedules.html", width=360, before=LOSE_ONCE), "webgpu_ladder")
    run = widget.get_by_role("button", name="Run 4 × 4")
    run.click()
    says(widget, "The device was lost")
    run.click()
    widget.locator('.mlc-gpu-result[data-mood="fine"]').wait_for()


@pytest.mark.parametrize(("language", "word"), [("en", "cannot be used"), ("zh", "无法使用")])
def test_a_corrupted_file_is_refused_on_the_page(visit_gpu, tmp_path, language: str, word: str):
    import base64
    import gzip

    example = gzip.decompress(base64.b64decode(own_file_lab().data["example"])).decode()
    path = tmp_path / "mine.json"
    path.write_text(example.replace('"grid":[', '"grid":[70000,'), "utf-8")
    widget = lab(visit_gpu(f"{language}/gpu.html", width=360, dark=True), "webgpu_file")
    widget.locator("input[type=file]").set_input_files(path)
    says(widget, word)
    assert widget.locator(".mlc-gpu-main").is_disabled()
    assert "launches[0].grid" in widget.locator(".mlc-gpu-status").inner_text()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_front_page_reads_a_digit(visit_gpu, language: str):
    widget = lab(visit_gpu(f"{language}/index.html", width=360), "webgpu_digit")
    assert widget.locator(".mlc-gpu-code").is_hidden()
    widget.locator(".mlc-gpu-examples button").nth(7).press("Enter")
    widget.locator(".mlc-gpu-main").press("Enter")
    widget.locator(".mlc-gpu-answer", has_text="7").wait_for()
    widget.locator(".mlc-gpu-step").first.press("Enter")
    assert "T.prim_func" in widget.locator(".mlc-gpu-code").inner_text()
