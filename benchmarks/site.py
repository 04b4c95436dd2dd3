"""The site: how heavy its pages are, how many requests they make, and how long building it takes.

    python benchmarks/site.py [--site _site] [--build] [--out FILE]

Weights are of what a browser (Chromium through Playwright) receives from a local server, uncompressed. With ``--build``
the site is built in a copy of the repository: cold (nothing executed yet), warm (one chapter's prose changed), and
without any change.
"""

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "_site", "_build", "__pycache__")


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def weigh(site: Path) -> list[dict]:
    """Bytes and requests of every page of a built site, the heaviest first."""
    from playwright.sync_api import sync_playwright

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for path in sorted(site.rglob("*.html")):
            name = path.relative_to(site).as_posix()
            if "_static" not in name:
                address = f"http://127.0.0.1:{server.server_port}/{name}"
                sizes: list[int] = []
                page = browser.new_context().new_page()
                page.on("requestfinished", lambda request, sizes=sizes: sizes.append(_bytes(request)))
                page.goto(address, wait_until="networkidle")
                page.context.close()
                pages.append({"page": name, "bytes": sum(sizes), "requests": len(sizes)})
        browser.close()
    server.shutdown()
    return sorted(pages, key=lambda page: -page["bytes"])


def _bytes(request) -> int:
    return request.sizes()["responseBodySize"]


def build_times() -> dict[str, float]:
    """Seconds of a cold, a warm and a changeless build, in a copy of the repository."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        times = {"cold": _build(copy)}
        for language in ("en", "zh"):
            page = copy / "chapters" / language / "schedules.md"
            page.write_text(page.read_text("utf-8") + "\n<!-- changed -->\n", "utf-8")
        times["warm"] = _build(copy)
        times["no change"] = _build(copy)
    return times


def _build(root: Path) -> float:
    command = [sys.executable, "-m", "mlc_course.site.build"]
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "MLC_COURSE_ROOT": str(root)}
    start = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=ROOT / "_site", help="a built site")
    parser.add_argument("--build", action="store_true", help="measure builds too (many minutes)")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "benchmarks" / "site.json")
    options = parser.parse_args()
    if not options.site.is_dir():
        parser.error(f"--site: got {options.site}, which is no folder; build the site first: make site")
    pages = weigh(options.site)
    data: dict = {"pages": len(pages), "heaviest": pages[:5], "most_requests": max(page["requests"] for page in pages)}
    if options.build:
        data["build_seconds"] = build_times()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(data, indent=1) + "\n")
    print(json.dumps(data, indent=1))


if __name__ == "__main__":
    main()
