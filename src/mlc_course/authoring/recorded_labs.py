"""Record what the labs on the reader's GPU show, for readers without one: ``make records``.

Every lab runs in headless Chromium on its WebGPU device in software, as a reader would run it; what the page then holds
is written to ``src/mlc_ref/webgpu/records/<lab>.json`` together with the device's name. Needs Chromium and Playwright.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlc_course.root import course_root
from mlc_course.site.build.serve import make_server
from mlc_ref.viz.widget import Widget
from mlc_ref.webgpu.labs import RECORDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SOFTWARE_DEVICE = ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader")
MOST_SECONDS = 600  # of one lab


def labs() -> dict[str, Callable[[], Widget]]:
    """Every lab that can be recorded, as its page makes it."""
    from mlc_ref.frameworks.labs import digit_lab
    from mlc_ref.gpu.labs import matmul_lab, search_lab, transpose_lab
    from mlc_ref.schedules.labs import tile_lab

    return {
        "matmul_ladder": matmul_lab, "transpose_ladder": transpose_lab, "tile_sizes": tile_lab,
        "matmul_search": search_lab, "digits": digit_lab,
    }  # fmt: skip


def piece_page(html: str, *, lang: str = "en", dark: bool = False) -> str:
    """A page that holds one interactive piece; the course's ``_static`` must lie beside it."""
    theme, paper = ("dark", "#14181e") if dark else ("light", "#fff")
    return (
        f'<!doctype html><html lang="{lang}" data-theme="{theme}" data-content_root="./"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>piece</title><link rel="icon" href="data:,">'
        f"<style>:root{{--pst-color-border:#8888;--pst-color-background:{paper}}}"
        "body{background:var(--pst-color-background)}</style>"
        f'<link rel="stylesheet" href="_static/widgets.css">{html}'
        '<script type="module" src="_static/widgets/main.js"></script></html>'
    )


@contextmanager
def device_in_software() -> "Iterator[Browser]":
    """Headless Chromium whose WebGPU needs no GPU.

    Raises:
        FileNotFoundError: Chromium is not installed.
    """
    from playwright.sync_api import sync_playwright

    path = os.environ.get("MLC_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        raise FileNotFoundError(
            f"Chromium is missing: none of {', '.join(CHROMIUM)} is installed. apt install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *SOFTWARE_DEVICE])
        yield browser
        browser.close()


@contextmanager
def opened(browser: "Browser", widget: Widget) -> "Iterator[Page]":
    """The lab on a page of its own, drawn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(course_root() / "chapters" / "_static", folder / "_static")
        (folder / "piece.html").write_text(piece_page(widget.page_html()), "utf-8")
        with make_server(folder, "/", quiet=True) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = browser.new_page()
            page.set_default_timeout(MOST_SECONDS * 1000)
            page.goto(f"http://127.0.0.1:{server.server_port}/piece.html")
            page.wait_for_selector('.mlc-widget[data-state="drawn"]')
            yield page
            page.close()
            server.shutdown()


def run(page: "Page") -> dict[str, Any]:
    """Run all a lab has to run, and return what it then holds.

    Raises:
        RuntimeError: the lab reports a problem.
    """
    examples = page.locator(".mlc-gpu-examples button")
    for number in page.locator("input[type=number][data-whole]").all():
        number.fill(str(number.get_attribute("max")))
    if examples.count():
        examples.first.click()
    page.click(".mlc-gpu-main:enabled")
    page.wait_for_selector(".mlc-gpu-main:enabled")
    for i in range(1, examples.count()):
        examples.nth(i).click()
        page.wait_for_selector(".mlc-gpu-main:enabled")
    page.wait_for_selector('[data-record], .mlc-gpu-status[data-mood="bad"]')
    found = page.locator("[data-record]")
    if not found.count():
        raise RuntimeError(f"the lab reports: {page.inner_text('.mlc-gpu-status')}")
    return json.loads(found.get_attribute("data-record") or "")


def honest(record: dict[str, Any]) -> dict[str, Any]:
    """The record with a device's name that says what the device is.

    Raises:
        ValueError: the browser named no device, or something was not measured.
    """
    name, software = record.pop("device"), record.pop("software")
    missing = [step for step, seconds in record["seconds"].items() if not seconds]
    if not name or missing:
        raise ValueError(f"got device {name!r} and no time for {', '.join(missing) or 'nothing'}; record again")
    said = {"en": f"{name} (in software, by a processor)", "zh": f"由处理器模拟的软件设备 {name}"} if software else name
    seconds = {step: float(f"{value:.3g}") for step, value in record["seconds"].items()}
    return {"device": said, **record, "seconds": seconds}


def write(lab: str, record: dict[str, Any], folder: Path = RECORDS) -> Path:
    """Keep a record where ``mlc_ref.webgpu.labs.recorded`` finds it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{lab}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the labs named, or all."""
    known = labs()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="lab", help=f"of {', '.join(known)}; default: all")
    wanted = parser.parse_args(arguments).labs or list(known)
    if unknown := [lab for lab in wanted if lab not in known]:
        parser.error(f"lab: got {unknown[0]}, allowed {', '.join(known)}")
    for lab in wanted:
        with device_in_software() as browser, opened(browser, known[lab]()) as page:
            record = honest(run(page))
        path = write(lab, record)
        print(f"{lab}: {len(record['seconds'])} times on {record['device']} in {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
