"""Widgets in notebooks of programs that cannot be run here: how each puts an output on its page, and says whether it is dark."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from mlc_ref.language import Language
from mlc_ref.viz.roofline import roofline
from mlc_ref.viz.widget import notebook_html

pytestmark = [pytest.mark.browser]

# Colab writes the output into a frame of its own; the classic notebook does the like in its page.
WRITTEN = "(html) => { document.write(html); document.close(); }"
# VS Code sets the HTML, then runs each script at the end of the output and takes it away again.
EVALUATED = """(html) => {
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = html;
  for (const node of [...container.getElementsByTagName("script")]) {
    const script = document.createElement("script");
    script.text = node.innerText;
    if (node.type) script.setAttribute("type", node.type);
    container.appendChild(script).parentNode.removeChild(script);
  }
}"""
ColorScheme = Literal["light", "dark"]

HOSTS: list[tuple[str, str, ColorScheme, ColorScheme]] = [
    ("<html><body class='vscode-dark'>", EVALUATED, "light", "dark"),
    ("<html><body class='vscode-light'>", EVALUATED, "dark", "light"),
    ("<html><body class='vscode-high-contrast'>", EVALUATED, "light", "dark"),
    ("<html><body class='vscode-high-contrast-light vscode-high-contrast'>", EVALUATED, "dark", "light"),
    ("<html theme='dark'><body>", WRITTEN, "light", "dark"),
    ("<html theme='light'><body>", WRITTEN, "dark", "light"),
    ("<html><body>", WRITTEN, "dark", "dark"),
    ("<html><body>", WRITTEN, "light", "light"),
    ("<html><body style='background: #fff'>", WRITTEN, "dark", "light"),
]


def heard_from(page: Page) -> list[str]:
    """What the page writes to the console, and its errors, as they come."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_widget_is_drawn_in_every_program_s_theme(browser: Browser, language: Language) -> None:
    widget = notebook_html(roofline({"naive": (200, 800)}).page_html(), language)
    for start, put, system, expected in HOSTS:
        context = browser.new_context(color_scheme=system)
        page = context.new_page()
        problems = heard_from(page)
        page.set_content(f"<!doctype html>{start}")
        page.evaluate(put, f"<!doctype html>{start}{widget}" if put == WRITTEN else widget)
        page.wait_for_selector(".mlc-widget[data-state='drawn']", timeout=60_000)
        assert page.get_attribute(".mlc-widget", "data-theme") == expected, start
        assert ("峰值" in page.inner_text(".mlc-widget-stage")) == (language == "zh")
        assert not page.is_visible(".mlc-widget-plain")
        assert problems == []
        context.close()


def test_two_equal_outputs_are_both_drawn_and_a_frame_grows_with_its_output(browser: Browser) -> None:
    widget = notebook_html(roofline({"naive": (200, 800)}).page_html(), "en")
    page = browser.new_page()
    page.set_content("<!doctype html><html><body>")
    page.evaluate(
        "() => { globalThis.grown = 0; globalThis.google = { colab: { output: { resizeIframeToContent: () => grown++ } } }; }"
    )
    page.evaluate(EVALUATED, widget)
    page.evaluate(EVALUATED, widget)
    page.wait_for_function("() => document.querySelectorAll('.mlc-widget[data-state=drawn]').length === 2")
    page.wait_for_function("() => grown >= 2")
    page.close()


@pytest.mark.parametrize(
    ("chosen", "prose", "expected"),
    [
        (False, ["第一段", "second", "第三段"], "zh"),
        (False, ["first", "第二段", "third"], "en"),
        (True, ["第一段"], "en"),
    ],
)
def test_where_nobody_chose_a_language_a_widget_takes_that_of_the_notebook(
    browser: Browser, chosen: bool, prose: list[str], expected: str
) -> None:
    """The reader ran no first cell, which tells the kernel the notebook's language."""
    widget = notebook_html(roofline({"naive": (200, 800)}).page_html(), "en", chosen=chosen)
    cells = "".join(f"<div class='jp-MarkdownOutput'>{text}</div>" for text in prose)
    page = browser.new_page()
    problems = heard_from(page)
    page.set_content(f"<!doctype html><html><body><div class='jp-Notebook'>{cells}{widget}</div>")
    page.wait_for_selector(".mlc-widget[data-state='drawn']", timeout=60_000)
    assert ("峰值" in page.inner_text(".mlc-widget-stage")) == (expected == "zh")
    assert str(page.get_attribute(".mlc-widget-stage", "lang")).startswith(expected)
    # The text without scripts, below, is in the language it was written in.
    assert page.get_attribute(".mlc-widget", "lang") == "en"
    assert problems == []
    page.close()
