"""The site under test, a browser to look at it with, and a toy course that builds in seconds."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from mlc_course.authoring.recorded_labs import CHROMIUM, SOFTWARE_DEVICE, piece_page
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import read_settings
from mlc_course.root import course_root
from mlc_course.site.build.assemble import SITE
from mlc_course.site.build.command import build
from mlc_course.site.build.serve import make_server
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

TOY = Path(__file__).parent / "toy"
# Test modules read it before their tests are collected; a path given by the person who runs the tests stays.
os.environ.setdefault("MLC_CHROMIUM", next(filter(None, map(shutil.which, CHROMIUM)), ""))


def _make_toy(folder: Path) -> Path:
    """A copy of the course's machinery with the toy chapters instead of the real ones."""
    root = course_root()
    for name in ("_config.yml", "pyproject.toml", "requirements.lock", "CITATION.cff"):
        shutil.copy(root / name, folder / name)
    shutil.copy(TOY / "_toc.yml", folder / "_toc.yml")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(root / "src", folder / "src", ignore=ignored)
    for name in ("_static", "_templates"):
        shutil.copytree(root / "chapters" / name, folder / "chapters" / name)
    shutil.copy(root / "chapters" / "references.bib", folder / "chapters")
    for language in SITE_LANGUAGES:
        shutil.copytree(TOY / language, folder / "chapters" / language)
    shutil.copytree(TOY / "exercises", folder / "exercises", ignore=ignored)
    (folder / "chapters" / "figures").mkdir()
    board = Board(300, 80, Text("A box", "方框"))
    board.box(10, 10, 200, 50, Text("a box", "方框"))
    for language in SITE_LANGUAGES:
        (folder / "chapters" / "figures" / f"toy.{language}.svg").write_text(board.render(language), "utf-8")
    return folder


@pytest.fixture(scope="session")
def make_toy() -> Callable[[Path], Path]:
    """Fills a folder with the toy course and returns it."""
    return _make_toy


@pytest.fixture(scope="session")
def built(tmp_path_factory, make_toy) -> Path:
    """The toy course, built once in both languages."""
    root = make_toy(tmp_path_factory.mktemp("toy"))
    build(root, list(SITE_LANGUAGES), echo=False)
    return root


@pytest.fixture
def toy(built, tmp_path) -> Path:
    """A copy of the built toy course that a test may change; addresses inside are the copy's own."""
    root = tmp_path / "toy"
    shutil.copytree(built, root, symlinks=True)
    return root


@pytest.fixture(scope="session")
def site() -> Path:
    """The website: the one ``MLC_SITE`` names, else built here (once for all test processes)."""
    given = os.environ.get("MLC_SITE")
    if given:
        assert (Path(given) / "index.html").is_file(), f"MLC_SITE={given} holds no website; run make site"
        return Path(given)
    root = course_root()
    (root / "_build").mkdir(exist_ok=True)
    with FileLock(root / "_build" / "site-under-test.lock"):
        build(root, list(SITE_LANGUAGES), echo=False)
    return root / SITE


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    """The address the site is served at."""
    mount = read_settings(course_root()).mount
    with make_server(site, mount, quiet=True) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{mount}"
        server.shutdown()


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts headless Chromium: ``launch("--flag", …)``."""
    path = os.environ["MLC_CHROMIUM"]
    if not path and not os.environ.get("CI"):
        pytest.skip("*** CHROMIUM IS MISSING: NOTHING WAS LOOKED AT IN A BROWSER. apt-get install chromium ***")
    assert path, f"Chromium is missing: none of {', '.join(CHROMIUM)} is installed. apt-get install chromium"
    started: list[Browser] = []
    with sync_playwright() as playwright:

        def start(*flags: str) -> Browser:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", *flags]
            started.append(playwright.chromium.launch(executable_path=path, args=arguments))
            return started[-1]

        yield start
        for browser in started:
            browser.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Browser:
    """Headless Chromium."""
    return launch("--disable-gpu")


@dataclass
class Visitor:
    """A reader with a browser window; notes what must not happen.

    Attributes:
        outside: addresses requested that are not the site's.
        errors: what the console and failed requests report.
    """

    context: BrowserContext
    base: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.route("**/*", self._guard)
        self.page: Page = self.context.new_page()
        self.page.on(
            "console",
            lambda m: self.errors.append(f"{self.page.url}: {m.text}") if m.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.page.url}: {error}"))

    def _guard(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(self.base).netloc:
            self.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator:
    """Open a window: ``visit(width=360, locale="zh-CN", dark=True)``."""
    contexts = []

    def open_window(*, width: int = 1280, locale: str = "en-US", dark: bool = False, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale=locale,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        return Visitor(context, base)

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def gpu_browser(launch: Callable[..., Browser]) -> Browser:
    """Headless Chromium with WebGPU on a device in software, which needs no GPU."""
    return launch(*SOFTWARE_DEVICE)


@pytest.fixture
def visit_gpu(gpu_browser: Browser, base: str) -> Iterator:
    """Open a page of the site where WebGPU works: ``visit_gpu("en/gpu.html", width=360, dark=True, before="a script")``."""
    visitors: list[Visitor] = []

    def open_window(path: str, *, width: int = 1280, dark: bool = False, before: str = "") -> Page:
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = gpu_browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        context.set_default_timeout(60_000)
        if before:
            context.add_init_script(before)
        visitors.append(Visitor(context, base))
        return visitors[-1].open(path)

    yield open_window
    for visitor in visitors:
        visitor.context.close()
        assert (visitor.errors, visitor.outside) == ([], [])


@pytest.fixture(scope="session")
def piece_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with the course's scripts and styles, and the address it is served at."""
    folder = tmp_path_factory.mktemp("pieces")
    shutil.copytree(course_root() / "chapters" / "_static", folder / "_static")
    with make_server(folder, "/", quiet=True) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def open_piece(gpu_browser: Browser, piece_server: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator:
    """Open a page that holds ``html`` alone: ``open_piece(html, lang="zh", width=360, before="a script")``."""
    folder, address = piece_server
    visitors: list[Visitor] = []

    def open_page(
        html: str = "", *, lang: str = "en", width: int = 1000, dark: bool = False, before: str = ""
    ) -> Visitor:
        (folder / "piece.html").write_text(piece_page(html, lang=lang, dark=dark), "utf-8")
        context = gpu_browser.new_context(viewport={"width": width, "height": 900})
        context.set_default_timeout(60_000)
        if before:
            context.add_init_script(before)
        visitors.append(Visitor(context, address))
        visitors[-1].open("piece.html")
        return visitors[-1]

    yield open_page
    for visitor in visitors:
        visitor.context.close()
        if request.node.get_closest_marker("console_errors") is None:
            assert (visitor.errors, visitor.outside) == ([], [])
