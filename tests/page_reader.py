"""A browser in a thread of its own, in which pages of submissions are opened as an instructor would."""

import mimetypes
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbgrader
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

ORIGIN = "http://formgrader.test"
SUBMISSION = "/formgrader/submissions/1/"
STATIC = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "static"
CHROMIUM = os.environ.get("MLC_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
# What the formgrader's own scripts ask for when a page is opened.
OWN_CALLS = {"/formgrader/api/grades?submission_id=1", "/formgrader/api/comments?submission_id=1"}
# Inputs and headings of the page that are not there once, or that something else lies over.
COVERED = """selector => {
  const wrong = [];
  for (const element of document.querySelectorAll(selector)) {
    element.scrollIntoView({block: "center"});
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!element.contains(top) && !(top && top.contains(element) && !top.closest(".submitted"))) wrong.push(element.outerHTML);
    if (element.id && document.querySelectorAll("#" + CSS.escape(element.id)).length > 1) wrong.push(element.id);
  }
  return wrong;
}"""


@dataclass
class Visit:
    """What happened while a page was open.

    Attributes:
        requests: addresses asked for that are neither the page nor what its own scripts load.
        problems: dialogs, errors, and what a policy of the page had to stop.
        links: addresses of all links in what the student wrote.
    """

    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    html: str = ""


class Reader:
    """Opens pages; its methods run in the browser's thread."""

    def __init__(self, browser: Browser):
        self._browser = browser

    def open(self, html: str, policy: str | None = None, path: str = SUBMISSION, covered: str = "h2 .points") -> Visit:
        """Open a page on the formgrader's origin with a session's cookie, and use everything a student wrote in it."""
        visit = Visit()
        context = self._browser.new_context(viewport={"width": 1000, "height": 700})
        context.add_cookies([{"name": name, "value": "1", "url": ORIGIN} for name in ("_xsrf", "session")])
        context.set_default_timeout(20_000)
        context.route("**/*", lambda route: self._serve(route, visit, html, policy, path))
        try:
            page = context.new_page()
            page.on("dialog", lambda dialog: (visit.problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
            page.on("console", lambda said: visit.problems.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: visit.problems.append(str(error)))
            page.goto(ORIGIN + path)
            self._use(page, context, visit, ORIGIN + path)
            visit.problems += page.evaluate(COVERED, covered)
            visit.html = page.content()
        finally:
            context.close()
        return visit

    def _use(self, page: Page, context: BrowserContext, visit: Visit, address: str) -> None:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        links = page.locator(".submitted :is(a, area)[href], .submitted [xlink\\:href]")
        visit.links += [link.get_attribute("href") or "" for link in links.all()]
        for element in page.locator(".submitted :is(a, area, button, summary, input, form, svg, math)").all()[:40]:
            element.dispatch_event("mouseover")
            element.dispatch_event("click")
            for opened in context.pages[1:]:
                opened.close()
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")
        if page.url.partition("#")[0] != address and "index=" not in page.url:
            visit.problems.append(f"the page became {page.url}")

    def _serve(self, route: Route, visit: Visit, html: str, policy: str | None, path: str) -> None:
        url = urlsplit(route.request.url)
        if route.request.url == ORIGIN + path:
            headers = {"Content-Security-Policy": policy} if policy else {}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        elif url.netloc == urlsplit(ORIGIN).netloc and (file := _static(url.path)) and policy:
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "")
        elif f"{url.path}?{url.query}" in OWN_CALLS and url.netloc == urlsplit(ORIGIN).netloc and policy:
            route.fulfill(body="[]", content_type="text/plain")
        else:
            is_click = (
                route.request.is_navigation_request() and url.scheme in ("http", "https") and not policy_cookie(route)
            )
            if not is_click:
                visit.requests.append(f"{route.request.method} {route.request.url}")
            route.abort()


def policy_cookie(route: Route) -> bool:
    """Whether a request carries the session, or could: it goes to the server that shows the page."""
    url = urlsplit(route.request.url)
    return url.hostname == urlsplit(ORIGIN).hostname or "cookie" in route.request.headers


def _static(path: str) -> Path | None:
    match = re.fullmatch(r"/formgrader/static/(.+)", path)
    file = STATIC / match[1] if match else None
    return file if file is not None and file.is_file() else None


@contextmanager
def reading() -> Iterator[Any]:
    """``visit(html, …)``, as ``Reader.open``; the thread leaves this one's event loop alone."""
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        launch = playwright.chromium.launch
        browser = thread.submit(
            launch, executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        ).result()
        reader = Reader(browser)
        try:
            yield lambda *arguments, **options: thread.submit(reader.open, *arguments, **options).result()
        finally:
            thread.submit(browser.close).result()
            thread.submit(playwright.stop).result()
