"""Numbers and messages that a page quotes from its cells are what the cells printed when the site was built."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.output_text import output_text
from mlc_course.content.pages import Page, read_page
from mlc_course.content.printed_values import (
    is_printed,
    not_printed,
    printed_values,
    shown_text,
)
from mlc_course.root import course_root, pages
from mlc_course.site.notebooks.page_notebook import is_notebook
from mlc_course.site.notebooks.plain_markdown import Surroundings, _inline

ROOT = course_root()
NOTEBOOKS = [
    (language, name)
    for language in SITE_LANGUAGES
    for name in pages(ROOT)
    if is_notebook(read_page(name, language, ROOT).text)
]
CELL = "\n```{code-cell} python\nprint(1)\n```\n"
HEAD = "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n\n"


@pytest.mark.parametrize(("language", "name"), NOTEBOOKS)
def test_what_a_page_quotes_from_its_cells_is_what_they_print(site, language, name):
    notebook = nbformat.read(site / language / "notebooks" / f"{name}.ipynb", 4)
    outputs = [output_text(cell) for cell in notebook.cells if cell.cell_type == "code"][1:]
    page = read_page(name, language, ROOT)
    assert len(outputs) == len(page.code)
    assert not_printed(page, outputs) == []


def numbers_alone(notebook):
    """Printed lines that hold numbers and no letter: nothing says what they are, or in which unit."""
    streams = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output]
    return [
        line
        for text in streams
        for line in text.splitlines()
        if re.fullmatch(r"[^a-zA-Z\u4e00-\u9fff]*\d[^a-zA-Z\u4e00-\u9fff]*", line)
    ]


@pytest.mark.parametrize(("language", "name"), NOTEBOOKS)
def test_no_cell_prints_numbers_without_a_word(site, language, name):
    assert numbers_alone(nbformat.read(site / language / "notebooks" / f"{name}.ipynb", 4)) == []


@pytest.mark.parametrize(
    ("printed", "found"),
    [("4096 4096", ["4096 4096"]), ("sum: 4096\n[1, 2]\n", ["[1, 2]"]), ("循环 4096 次", []), ("----", [])],
)
def test_a_line_of_numbers_alone_is_found(printed, found):
    output = new_output("stream", name="stdout", text=printed)
    assert numbers_alone(new_notebook(cells=[new_code_cell("1 + 1", outputs=[output])])) == found


@pytest.mark.parametrize(("language", "name"), NOTEBOOKS)
def test_the_mark_leaves_nothing_on_the_page(site, language, name):
    assert "{printed" not in (site / language / f"{name}.html").read_text("utf-8")


def page(tmp_path, *parts):
    return Page(tmp_path / "en" / "page.md", HEAD + "(page)=\n# Page\n\n" + "\n".join(parts))


def test_a_quotation_belongs_to_the_cell_above_or_to_the_place_it_names(tmp_path):
    text = "{printed}`1`, {printed}`2 <next>`, {printed}`3 <page-more>`, {printed}`4 <nowhere>`\n"
    marks = printed_values(page(tmp_path, CELL, text, CELL, "(page-more)=\n## More\n", CELL, CELL))
    assert [mark.cells for mark in marks] == [(0,), (1,), (2, 3), ()]
    assert printed_values(page(tmp_path, "{printed}`1`\n", CELL))[0].cells == ()


def test_a_wrong_quotation_and_a_number_without_a_mark_are_found(tmp_path):
    text = "Here {printed}`4,128` lines and 5000 bytes; {printed}`five = 5` of them.\n"
    assert not_printed(page(tmp_path, CELL, text), ["4128 lines, 5 and 51 bytes"]) == []
    wrong = not_printed(page(tmp_path, CELL, text), ["4127 lines, 5000 bytes"])
    assert [message.partition(": ")[2].partition(";")[0] for message in wrong] == [
        "'4,128' is printed by none of the code cells meant (1)",
        "'5' is printed by none of the code cells meant (1)",
        "5000 is printed by a code cell beside it",
    ]


@pytest.mark.parametrize(
    ("value", "output", "found"),
    [
        ("4,128", "4128", True),
        ("4128", "in all 4,128.", True),
        ("412", "4128", False),
        ("28", "41.28", False),
        ("0.5", "0.55", False),
        ("0.5", "float16 0.5\n", True),
        ("−38400", "[-38400, 1]", True),
        ("128.", "[128. nan]", True),
        ("expected to match X.shape[1]", "expected to\n  match X.shape[1]", True),
        ("2", "12", False),
        ("4", "4,128", False),
        ("12,582,912", "12582912 bytes", True),
        ("128256512", "[128,256,512]", False),
        ("256", "[128,256,512]", True),
        ("[128,256,512]", "[[128,256,512]]", True),
        ("1024128", "shape 1024,128", False),
        ("128", "shape 1024,128", True),
        ("", "4128", False),
    ],
)
def test_a_value_is_printed_only_as_a_whole(value, output, found):
    assert is_printed(value, output) is found


def shown(html, plain="Widget of 2,118 characters"):
    output = new_output("display_data", {"text/html": html, "text/plain": plain})
    return output_text(new_code_cell("explore()", outputs=[output]))


def test_the_text_of_an_output_has_the_values_that_a_widget_shows_and_not_its_script():
    text = shown(
        '<script type="application/json">{"4127":0,"bytes":75008,"numbers":[[4096,17920]],"lines":["loop of 96"],"pixels":[[5001]],'
        '"shape":[128,256],"packed":"'
        + "+64/" * 100
        + '"}</script><script>const far = 90112;</script><style>p{top:7px}</style>'
    )
    for value in ("75008", "4096", "17920", "96"):
        assert is_printed(value, text), value
    for value in ("90112", "4127", "5001", "128", "64", "7px", "2118", "bytes"):
        assert not is_printed(value, text), value


def test_tags_and_attributes_are_no_text_of_an_output():
    text = shown('<svg viewBox="0 0 640 48"><text x="96" tabindex="3">rows</text><text>4128</text><text>5</text></svg>')
    assert text.split() == ["rows", "4128", "5"]


def test_equal_quotations_are_named_by_their_own_lines(tmp_path):
    marks = printed_values(page(tmp_path, CELL, "{printed}`1`\n", CELL, "{printed}`1` and\n{printed}`1`\n"))
    lines = page(tmp_path, CELL, "{printed}`1`\n", CELL, "{printed}`1` and\n{printed}`1`\n").text.splitlines()
    assert [mark.line for mark in marks] == [number for number, line in enumerate(lines, 1) if "{printed}" in line]


def test_a_mark_without_a_value_is_found(tmp_path):
    assert (
        "'' is printed by none of the code cells meant"
        in not_printed(page(tmp_path, "{printed}`<next>`\n", CELL), ["1"])[0]
    )


def test_a_line_that_was_printed_in_pieces_is_whole():
    outputs = [new_output("stream", name="stdout", text=text) for text in ("41", "28 lines\n")]
    assert is_printed("4128", output_text(new_code_cell("print()", outputs=outputs)))


def test_a_notebook_shows_the_text_of_a_quotation_alone():
    assert [shown_text(content) for content in ("4,128", "4,128 <next>", "five = 5 <page>", "a = b", "a=b", "if k == 0")] == [
        "4,128", "4,128", "five", "a", "a=b", "if k == 0",
    ]  # fmt: skip
    nowhere = Surroundings(Path(), "", {})
    assert _inline("Only {printed}`five = 5 <next>` of them", nowhere) == "Only five of them"
    assert _inline("the name {printed-code}`tirx.For#0`", nowhere) == "the name `tirx.For#0`"
