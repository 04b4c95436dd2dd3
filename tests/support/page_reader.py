"""A browser in a thread of its own, in which pages of submissions are opened as an instructor would."""

import mimetypes
import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbgrader
from playwright.sync_api import Browser, Dialog, Error, Request, Route, sync_playwright

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
# Open, point at and click whatever a student's part of the page holds; the addresses of its links.
USE = """async () => {
  const parts = [...document.querySelectorAll(".submitted")];
  const elements = parts.flatMap(part => [...part.querySelectorAll("*")]);
  const links = elements.filter(e => ["href", "xlink:href", "action", "formaction"].some(name => e.hasAttribute(name)));
  for (const element of elements) {
    if (element.localName === "details") element.open = true;
    for (const kind of ["pointerenter", "mouseover", "focus"]) element.dispatchEvent(new Event(kind));
  }
  const active = elements.filter(e => e.matches("a, area, button, summary, input, form, svg, math, [tabindex]")).slice(0, 60);
  for (const element of active) element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, view: window}));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)));
  return links.map(e => e.getAttribute("href") ?? e.outerHTML);
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
    """Opens pages in one window, whose session has cookies; its methods run in the browser's thread."""

    def __init__(self, browser: Browser):
        self._context = browser.new_context(viewport={"width": 1000, "height": 700})
        self._context.add_cookies([{"name": name, "value": "1", "url": ORIGIN} for name in ("_xsrf", "session")])
        self._context.set_default_timeout(60_000)
        self._context.route("**/*", self._serve)
        self._page = self._context.new_page()
        self._page.on("dialog", self._dismiss)
        self._page.on("console", lambda said: self._problem(said.text) if said.type == "error" else None)
        self._page.on("pageerror", lambda error: self._problem(str(error)))

    def open(self, html: str, policy: str | None = None, path: str = SUBMISSION, covered: str = "h2 .points") -> Visit:
        """Open a page on the formgrader's origin and use everything a student wrote in it.

        Args:
            policy: of the answer's header; with one, the formgrader's own scripts and calls are answered, too.
            covered: what must be there once each, and seen.
        """
        self._visit, self._html, self._policy, self._path = Visit(), html, policy, path
        self._page.goto(ORIGIN + path)
        self._visit.links += self._page.evaluate(USE)
        self._visit.problems += self._page.evaluate(COVERED, covered)
        if self._page.url.partition("#")[0] != ORIGIN + path and "index=" not in self._page.url:
            self._problem(f"the page became {self._page.url}")
        for opened in self._context.pages[1:]:
            opened.close()
        self._visit.html = self._page.content()
        return self._visit

    def _dismiss(self, dialog: Dialog) -> None:
        self._problem(f"dialog {dialog.message}")
        dialog.dismiss()

    def _problem(self, told: str) -> None:
        self._visit.problems.append(told)

    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        own = url.netloc == urlsplit(ORIGIN).netloc
        if route.request.url == ORIGIN + self._path:
            headers = {"Content-Security-Policy": self._policy} if self._policy else {}
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8", headers=headers)
        elif own and self._policy and (file := _static(url.path)):
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "")
        elif own and self._policy and f"{url.path}?{url.query}" in OWN_CALLS:
            route.fulfill(body="[]", content_type="text/plain")
        else:
            # A link that was clicked may leave, to a public place; nothing goes to the server that shows the page.
            if own or not _opens_a_page(route.request):
                self._visit.requests.append(f"{route.request.method} {route.request.url}")
            route.abort()


def _opens_a_page(request: Request) -> bool:
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except Error:  # a new window has no frame before its first page
        return True


def _static(path: str) -> Path | None:
    match = re.fullmatch(r"/formgrader/static/(.+)", path)
    file = STATIC / match[1] if match else None
    return file if file is not None and file.is_file() else None


@contextmanager
def browsing() -> Iterator[Callable[..., Any]]:
    """``run(work, …)`` calls ``work(browser, …)`` in the browser's thread, which leaves this one's event loop alone."""
    assert CHROMIUM, "Chromium is missing: apt-get install chromium"
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        try:
            browser = thread.submit(playwright.chromium.launch, executable_path=CHROMIUM, args=arguments).result()
            yield lambda work, *given, **named: thread.submit(work, browser, *given, **named).result()
            thread.submit(browser.close).result()
        finally:
            thread.submit(playwright.stop).result()


@contextmanager
def reading() -> Iterator[Callable[..., Visit]]:
    """``visit(html, …)``, as ``Reader.open``."""
    with browsing() as run:
        reader = run(Reader)
        yield lambda *given, **named: run(lambda _browser: reader.open(*given, **named))
