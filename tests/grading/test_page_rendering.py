"""What students wrote becomes HTML in a limited process; a page appears whatever happens there."""

import base64
import os
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from page_reader import browsing
from playwright.sync_api import Browser
from present import present

from mlc_course.grading.in_box import page_worker
from mlc_course.grading.pages import render
from mlc_course.grading.pages.page import feedback_page
from mlc_course.grading.pages.render import MAX_TEXT, Piece, picture
from mlc_course.grading.pages.sanitizer import clean
from mlc_course.grading.sandbox.probe import NoSandbox
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import PartResult, Report
from mlc_ref.language import Text

EXAMPLES = int(os.environ.get("MLC_FUZZ", "200"))
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(100)).decode()
FACTS = {"notebook": "toy", "score": 3, "max_score": 4, "late_penalty": 1}
SLOW = "\\\\[" * 20_000  # the reader of formulas looks for each one's end to the end of the text
TAGS = [
    "a",
    "b",
    "details",
    "div",
    "form",
    "h1",
    "iframe",
    "img",
    "math",
    "mtext",
    "mglyph",
    "noscript",
    "p",
    "plaintext",
]
TAGS += ["pre", "script", "select", "style", "svg", "table", "td", "title", "ul"]
VALUES = [
    "",
    "x",
    "javascript:alert(1)",
    "https://example.org/",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:text/html,x",
    "top",
]
NAMES = ["href", "src", "onclick", "style", "id", "class", "title", "width"]
attributes = st.lists(
    st.builds(' {}="{}"'.format, st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=8)), max_size=2
).map("".join)
soup = st.lists(
    st.text(max_size=8)
    | st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#0;", "</", "<", '"', "`"])
    | st.builds("<{}{}>".format, st.sampled_from(TAGS), attributes)
    | st.builds("</{}>".format, st.sampled_from(TAGS)),
    max_size=25,
).map("".join)


class Elements(HTMLParser):
    """Names and attributes of all elements."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(soup)
def test_what_the_sanitiser_lets_through_can_neither_run_nor_load_nor_be_named(html):
    try:
        result = clean(html)
    except ValueError:  # such a text is shown as it was typed
        return
    for tag, found in Elements(result).found:
        assert tag not in (
            "script",
            "style",
            "iframe",
            "form",
            "svg",
            "title",
            "noscript",
            "mglyph",
            "plaintext",
            "select",
        )
        assert not {"id", "name", "style", "onclick"} & set(found)
        assert (found.get("href") or "https://").startswith(("https://", "http://", "mailto:"))
        assert (found.get("src") or "data:image/png;base64,iVBORw0KGgo").startswith("data:image/png;base64,iVBORw0KGgo")
        assert tag != "a" or (found["target"], found["rel"]) == ("_blank", "noopener noreferrer")
    assert clean(result).split() == result.split(), "a browser would read it in another way"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://docs.python.org/3/?a=1#b", True), ("http://例.example.org", False), ("mailto:a.b@example.org", True), ("https://a.xn--p1ai/x", True),
        ("/formgrader", False), ("x.html", False), ("#top", False), ("//example.org", False), ("https://localhost/", False),
        ("https://a.localhost:8888/", False), ("http://127.0.0.1/", False), ("http://[::1]/", False), ("http://0x7f.1/", False),
        ("https://user@example.org/", False), ("https://example.org\\@hub.uni.edu/", False), ("https://hub.uni.edu/user/prof", False),
        ("HTTPS://HUB.uni.EDU:443/", False), ("ftp://example.org/", False), ("mailto:x@example.org?body=javascript:", False),
    ],
)  # fmt: skip
def test_links_lead_to_public_places_only(address, kept):
    assert ("href" in clean(f'<a href="{address}">x</a>', ["hub.uni.edu"])) is kept


def test_formulas_code_tables_and_colours_stay_readable():
    text = "$\\frac{a}{b}$ and $$x^2$$\n\n```python\nx = 1\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n<details><summary>s</summary>t</details>"
    shown = page_worker.render({"kind": "markdown", "text": text})
    for part in ("<mfrac>", "<msup>", '<span class="n">x</span>', "<th>a</th>", "<details><summary>s</summary>"):
        assert part in shown
    assert '<span class="ansi-red-fg">a</span>' in page_worker.render({"kind": "terminal", "text": "\x1b[31ma\x1b[0m"})


def test_a_formula_that_is_too_long_or_wrong_stays_as_text():
    for formula in ("x+" * 1000, "x^a^b"):
        assert f"${formula}$" in page_worker.render({"kind": "markdown", "text": f"${formula}$"})


def test_a_text_that_takes_too_long_costs_its_own_layout_only():
    pieces = [Piece("markdown", "*before*"), Piece("markdown", SLOW), Piece("markdown", "*after*")]
    before, slow, after = render.render(pieces)
    assert (before.note, after.note) == (None, None)
    assert "<em>after</em>" in after.html
    assert "within the time, memory and depth allowed" in present(slow.note).en
    assert "未能完成排版" in present(slow.note).zh
    assert SLOW[:100] in slow.html


def test_a_page_of_such_texts_ends_and_shows_them_all():
    shown = render.render([Piece("markdown", SLOW + str(index)) for index in range(20)])
    assert all(str(index) in one.html and one.note for index, one in enumerate(shown))


def test_deep_nesting_and_texts_beyond_the_limits_are_plain():
    deep, long = render.render([Piece("markdown", "<div>" * 1000), Piece("code", "<b>" + "x" * MAX_TEXT)])
    assert "&lt;div&gt;" in deep.html
    assert "cut: at most" in present(long.note).en
    assert "<b>" not in long.html
    assert len(long.html) < MAX_TEXT + 100
    many = render.render([Piece("terminal", "x" * MAX_TEXT)] * 80)
    assert "characters of a page are shown" in present(many[-1].note).en


def test_without_a_sandbox_the_page_is_plain_and_says_what_to_do(monkeypatch):
    def refuse() -> None:
        raise NoSandbox("bubblewrap is missing: apt-get install bubblewrap")

    monkeypatch.setattr(render, "require_box", refuse)
    notebook = new_notebook(cells=[new_markdown_cell("<script>alert(1)</script> $x$")])
    page = feedback_page(notebook, FACTS)
    assert "apt-get install bubblewrap" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x$" in page
    assert "Score: 3 / 4" in page


@pytest.mark.parametrize(
    ("mime", "data", "shown"),
    [
        ("image/png", PNG, True), ("image/png", PNG[:40] + "\n" + PNG[40:], True), ("image/jpeg", PNG, False),
        ("image/png", base64.b64encode(b"<script>").decode(), False), ("image/png", '"><script>', False),
        ("image/png", PNG + "A" * 2**23, False), ("image/png", "ü", False),
    ],
)  # fmt: skip
def test_pictures_are_what_their_type_says(mime, data, shown):
    result = present(picture(mime, data, 2**24))
    assert ("<img" in result.html) is shown
    assert (result.note is None) is shown
    assert picture("image/svg+xml", data, 2**24) is None


def test_attachments_are_pictures_or_nothing():
    for mime, data, shown in (("image/png", PNG, True), ("text/html", PNG, False), ("image/svg+xml", PNG, False)):
        piece = Piece(
            "markdown", '![a](attachment:a.png) ![b](attachment:b"onerror=alert.png)', {"a.png": {mime: data}}
        )
        (result,) = render.render([piece])
        assert (f"data:image/png;base64,{PNG}" in result.html) is shown
        assert "onerror" not in re.sub(r'alt="[^"]*"', "", result.html.split("<img")[-1]) or "<img" not in result.html


def test_html_of_a_students_output_is_never_taken_for_the_graders():
    forged = new_output(
        "display_data", data={"text/html": "<table><caption>double: 4/4</caption></table>", "text/plain": "forged"}
    )
    page = feedback_page(new_notebook(cells=[new_code_cell("x", outputs=[forged])]), FACTS)
    assert "double: 4/4" not in page
    assert "forged" in page


def report_notebook(language):
    """A check cell with the widest report there is."""
    text = Text(
        "a tensor of shape (4, 8) and type float32 with the sums of each row", "形状为 (4, 8)、类型为 float32 的张量"
    )
    parts = tuple(
        PartResult(f"part{i}", text, 2, 1, CheckFailure(expected=text, found=Text.code("x" * 60)).message, text)
        for i in range(3)
    )
    report = Report("double", Text("Double", "加倍"), parts, language)
    data = {"grade_id": "double", "grade": True, "solution": False, "points": 4, "score": 3}
    table = new_output("display_data", data={"text/html": report._repr_html_(), "text/plain": str(report)})
    cell = new_code_cell('check("double", double)', outputs=[table], metadata={"nbgrader": data})
    return new_notebook(cells=[new_markdown_cell("# Title"), cell], metadata={"mlc": {"language": language}})


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("dark", [False, True])
def test_tables_keep_their_columns_on_a_phone_and_in_the_dark(language, dark):
    page_text = feedback_page(report_notebook(language), FACTS)

    def measured(browser: Browser) -> dict:
        context = browser.new_context(viewport={"width": 360, "height": 700}, color_scheme="dark" if dark else "light")
        page = context.new_page()
        page.set_content(page_text)
        found = page.evaluate(
            """() => {
              const cells = [...document.querySelectorAll(".report tr")].map(row => [...row.cells].map(c => c.getBoundingClientRect()));
              const style = getComputedStyle(document.querySelector(".report td"));
              const light = color => color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
              return {
                wide: document.documentElement.scrollWidth,
                overlap: cells.flatMap(row => row.slice(1).map((box, i) => row[i].right - box.left)).filter(d => d > 0.5),
                narrowest: Math.min(...cells.flat().map(box => box.width)),
                padding: parseFloat(style.paddingLeft), line: parseFloat(style.borderLeftWidth),
                contrast: Math.abs(light(style.color) - light(getComputedStyle(document.body).backgroundColor)),
              };
            }"""
        )
        context.close()
        return found

    with browsing() as run:
        found = run(measured)
    assert found["wide"] <= 360
    assert found["overlap"] == []
    assert found["narrowest"] >= 30
    assert found["padding"] >= 4
    assert found["line"] >= 1
    assert found["contrast"] > 0.6


def test_a_page_speaks_the_language_of_its_notebook_and_has_its_policy_first():
    page = feedback_page(report_notebook("zh"), FACTS)
    assert '<html lang="zh">' in page
    assert "得分: 3 / 4" in page
    assert "迟交扣分" in page
    head = page[page.index("<head>") + len("<head>") :].lstrip()
    assert head.startswith(
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:;'
    )
