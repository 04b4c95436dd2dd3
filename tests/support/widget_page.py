"""A page with one interactive piece and the course's own styles and scripts, for tests in a browser."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_violations import violations
from playwright.sync_api import Browser, Locator, Page, Route

from mlc_course.root import course_root
from mlc_ref.viz.widget import Widget

ADDRESS = "http://widgets.test/"
# The theme's colours that widgets use.
_THEME = """
html { --pst-color-background: #fff; --pst-color-border: #c9c9c9; background: #fff; color: #1b1f24; font-family: sans-serif; }
html[data-theme="dark"] { --pst-color-background: #121212; --pst-color-border: #48566b; background: #121212; color: #e6edf3; }
body { margin: 0 auto; padding: 0 24px; max-width: 790px; }
"""
_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class WidgetPage:
    """The page, opened; ``messages`` is what the console said."""

    page: Page
    messages: list[str] = field(default_factory=list)

    @property
    def root(self) -> Locator:
        return self.page.locator(".mlc-widget")

    @property
    def width(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth")

    @property
    def shifts(self) -> float:
        return self.page.evaluate("window.shifts")

    def violations(self) -> list[str]:
        found = violations(self.page)
        return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def open_widget(
    browser: Browser,
    widget: Widget,
    *,
    language: str = "en",
    width: int = 768,
    dark: bool = False,
    scripts: bool = True,
    storage: dict[str, str] | None = None,
) -> WidgetPage:
    """Open the page and, with scripts, wait until the widget is drawn."""
    static = course_root() / "chapters" / "_static"
    html = _html(widget, language, "dark" if dark else "light")

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        file = static / path
        if not path:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif route.request.url.startswith(ADDRESS) and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=_type(file))
        else:
            route.fulfill(status=404, body="")

    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, has_touch=True)
    context.set_default_timeout(60_000)
    context.route("**/*", answer)
    for key, value in (storage or {}).items():
        context.add_init_script(f"localStorage.setItem({key!r}, {value!r})")
    shown = WidgetPage(context.new_page())
    shown.page.on("console", lambda message: shown.messages.append(message.text))
    shown.page.on("pageerror", lambda error: shown.messages.append(str(error)))
    shown.page.goto(ADDRESS)
    if scripts:
        shown.page.locator(".mlc-widget[data-state]").wait_for()
    return shown


def _html(widget: Widget, language: str, theme: str) -> str:
    code = "zh-CN" if language == "zh" else "en"
    return f"""<!doctype html>
<html lang="{code}" data-theme="{theme}" data-content_root="./"><head><meta charset="utf-8"><title>widget</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/widgets.css"><style>{_THEME}</style>
<script>{_SHIFTS}</script><script type="module" src="/widgets/main.js"></script></head>
<body><main><h1>Widget</h1>{widget.page_html()}<p>Below.</p></main></body></html>"""


def _type(file: Path) -> str:
    return "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file)[0] or "text/plain"
