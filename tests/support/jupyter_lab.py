"""A real JupyterLab to look at notebooks with, which cannot reach the network."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Page, Route

_SETTINGS: dict[str, dict[str, Any]] = {
    # Every cell is drawn, those out of sight as well.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
_STARTED = "() => !document.getElementById('jupyterlab-splash')"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\?token=\w+")
# JupyterLab puts a cell on the page before it finds its attachments, so the browser looks for each of them in vain first.
# A notebook that is closed soon after it was opened leaves it without an answer about its debugger.
_OF_JUPYTERLAB = re.compile(r"ERR_UNKNOWN_URL_SCHEME|\[WDS\]|Could not restore the debugger state: Canceled future")


@dataclass
class Lab:
    """A running JupyterLab.

    Attributes:
        folder: where its notebooks lie.
        address: its page.
        environment: that of its processes: its signatures of trusted notebooks lie in a folder of its own.
    """

    folder: Path
    address: str
    environment: dict[str, str]

    def write(self, name: str, notebook: nbformat.NotebookNode, *, trusted: bool) -> None:
        """Put a notebook into the folder. What is trusted is a content, so notebooks that differ in trust must differ."""
        nbformat.write(notebook, self.folder / name)
        if trusted:
            command = [sys.executable, "-m", "jupyter", "trust", name]
            subprocess.run(command, cwd=self.folder, env=self.environment, check=True, capture_output=True)


@dataclass
class Visit:
    """A browser window with JupyterLab; notes what must not happen.

    Attributes:
        problems: console errors, exceptions, requests that would leave the machine.
    """

    page: Page
    problems: list[str] = field(default_factory=list)

    def open(self, name: str) -> Page:
        """Show one notebook alone and wait until its text is set."""
        self.page.evaluate(
            """async (path) => {
                 globalThis.shown?.dispose();  // without the question whether to save
                 const widget = await jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" });
                 globalThis.shown = widget;
                 await widget.context.ready;
                 await widget.context.sessionContext.ready;
               }""",
            name,
        )
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function("() => !document.querySelector('.jp-Notebook .jp-MarkdownOutput:empty')")
        return self.page

    def run_all(self) -> None:
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab for the notebooks of ``folder / "notebooks"``."""
    notebooks, settings = folder / "notebooks", folder / "settings"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment.pop("MLC_LANG", None)
    for name in ("data", "config", "runtime"):
        environment[f"JUPYTER_{name.upper()}_DIR"] = str(folder / name)
    for each in (notebooks, settings):
        each.mkdir(parents=True)
    (settings / "overrides.json").write_text(json.dumps(_SETTINGS), "utf-8")
    log = folder / "jupyterlab.log"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0", "--expose-app-in-browser"),
        *(f"--LabApp.app_settings_dir={settings}", f"--LabApp.user_settings_dir={folder / 'user'}"),
        *(f"--LabApp.workspaces_dir={folder / 'workspaces'}", f"--ServerApp.root_dir={notebooks}"),
    ]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield Lab(notebooks, _address(process, log), environment)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(process: subprocess.Popen, log: Path) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        if found := _ADDRESS.search(log.read_text("utf-8")):
            urllib.request.urlopen(found[0]).close()
            return found[0]
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text('utf-8')[-2000:]}")


@contextmanager
def visiting(browser: Browser, lab: Lab, *, dark: bool) -> Iterator[Visit]:
    """Open JupyterLab in its light or its dark theme."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    visit = Visit(context.new_page())

    def guard(route: Route) -> None:
        if re.match(r"https?://(?!127\.0\.0\.1[:/])", route.request.url):
            visit.problems.append(f"request: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def hear(kind: str, text: str) -> None:
        if kind == "error" and not _OF_JUPYTERLAB.search(text):
            visit.problems.append(f"console: {text}")

    context.route("**/*", guard)
    visit.page.on("console", lambda message: hear(message.type, message.text))
    visit.page.on("pageerror", lambda error: visit.problems.append(f"exception: {error.stack}"))
    visit.page.goto(f"{lab.address}&reset")  # nothing of an earlier visit is open
    visit.page.wait_for_function("() => globalThis.jupyterapp?.restored")
    visit.page.evaluate("() => jupyterapp.restored")
    # A theme that changes while the picture of the start fades makes JupyterLab take that picture away twice.
    visit.page.wait_for_function(_STARTED)
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    visit.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    visit.page.wait_for_function(_STARTED)
    yield visit
    context.close()
