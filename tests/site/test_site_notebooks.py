"""The notebook of a page: its cells, plain Markdown, and a first cell that looks at the environment."""

from pathlib import Path

import nbformat
import pytest

from mlc_course.content.errors import SiteError
from mlc_course.content.settings import Settings
from mlc_course.content.source_part import source_part
from mlc_course.root import course_root
from mlc_course.site.notebooks.environment_cell import environment_cell, pins
from mlc_course.site.notebooks.page_notebook import is_notebook, page_notebook, targets_of
from mlc_course.site.notebooks.plain_markdown import Surroundings, Target, to_plain

SETTINGS = Settings("https://course.example/mlc/", "https://code.example/mlc", "main")
TOY = Path(__file__).parent / "toy"


@pytest.fixture
def chapters(tmp_path):
    """The toy chapters in a folder from which their included source is found."""
    for language in ("en", "zh"):
        folder = tmp_path / "chapters" / language
        folder.mkdir(parents=True)
        for page in (TOY / language).glob("*.md"):
            (folder / page.name).write_text(page.read_text("utf-8"), "utf-8")
    (tmp_path / "src" / "mlc_ref").mkdir(parents=True)
    source = (course_root() / "src" / "mlc_ref" / "language.py").read_text("utf-8")
    (tmp_path / "src" / "mlc_ref" / "language.py").write_text(source, "utf-8")
    return tmp_path / "chapters"


def notebook(chapters, language="en"):
    return page_notebook(chapters / language / "introduction.md", language, SETTINGS, course_root())


def code(book):
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


def prose(book):
    return "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")


def run(source, capsys):
    exec(compile(source, "cell", "exec"), {})
    return capsys.readouterr().out


def test_a_page_with_a_kernel_is_a_notebook_and_one_without_is_not():
    assert is_notebook((TOY / "en" / "introduction.md").read_text("utf-8"))
    assert not is_notebook((TOY / "en" / "index.md").read_text("utf-8"))


def test_the_notebook_is_valid_and_begins_with_the_title_and_the_check(chapters):
    book = notebook(chapters)
    nbformat.validate(book)
    assert book.cells[0].source.startswith("# Introduction")
    assert "apache-tvm" in code(book)[0]
    assert code(book)[1:] == ['print("x" * 300)', "1 + 1"]


def test_both_languages_have_the_same_code_after_the_check(chapters):
    assert code(notebook(chapters, "en"))[1:] == code(notebook(chapters, "zh"))[1:]
    assert "导论" in prose(notebook(chapters, "zh"))


def test_the_same_page_gives_the_same_notebook(chapters):
    assert nbformat.writes(notebook(chapters)) == nbformat.writes(notebook(chapters))


def test_nothing_of_the_website_s_syntax_is_left(chapters):
    text = prose(notebook(chapters))
    for mark in (":::", "{ref}", "{cite", "```{", ")="):
        assert mark not in text
    assert "[More](https://course.example/mlc/en/introduction.html#introduction-more)" in text
    assert "![A box](https://course.example/mlc/en/_images/toy.en.svg)" in text
    assert "def parse_language" in text


def test_the_check_is_content_with_the_pinned_environment(capsys):
    cell = environment_cell(course_root(), "en", SETTINGS)
    assert run(cell.source, capsys).startswith("Ready")


@pytest.mark.parametrize(("language", "words"), [("en", "got 0.0, needs"), ("zh", "当前为 0.0，需要")])
def test_the_check_names_a_wrong_version_and_how_to_install(language, words, capsys, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda package: "0.0")
    out = run(environment_cell(course_root(), language, SETTINGS).source, capsys)
    assert f"{words} {pins(course_root())['apache-tvm']}" in out
    assert "git clone https://code.example/mlc\n  cd mlc\n  make setup" in out


def test_the_check_names_a_missing_package_and_a_wrong_python(capsys, monkeypatch):
    from importlib.metadata import PackageNotFoundError

    def missing(package):
        raise PackageNotFoundError(package)

    monkeypatch.setattr("importlib.metadata.version", missing)
    monkeypatch.setattr("sys.version_info", (3, 8, 1))
    out = run(environment_cell(course_root(), "en", SETTINGS).source, capsys)
    assert "apache-tvm-ffi: got nothing" in out
    assert "Python: got" in out


def test_an_unpinned_package_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["apache-tvm>=0.27"]\n'
    )
    with pytest.raises(SiteError, match="apache-tvm, apache-tvm-ffi must be pinned"):
        pins(tmp_path)


AROUND = Surroundings(
    Path(), "https://c.example/en/a.html", {"b-c": Target("https://c.example/en/b.html#b-c", "See C")}
)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("(a-b)=\n## Title", "## Title"),
        ("{ref}`b-c` and {ref}`text <b-c>`", "[See C](https://c.example/en/b.html#b-c) and [text](https://c.example/en/b.html#b-c)"),
        ("[text](#b-c)", "[text](https://c.example/en/b.html#b-c)"),
        ("{cite:p}`key`", "[[key]](https://c.example/en/references.html)"),
        ("{exercise-download}`do it <gpu>`", "[do it](https://c.example/en/exercises/gpu.ipynb)"),
        (":::{tip}\nRead.\n:::", "> **Tip**\n>\n> Read."),
        ("```{math}\n:label: eq\nx\n```", "$$\nx\n$$"),
        ("```python\n(a)=\n:::{tip}\n```", "```python\n(a)=\n:::{tip}\n```"),
        ("````{dropdown} Answer\n```python\nx\n```\n````", "<details><summary>Answer</summary>\n\n```python\nx\n```\n\n</details>"),
        (":::{unheard-of} x\nStill here.\n:::", "Still here."),
    ],
)  # fmt: skip
def test_website_markdown_becomes_plain_markdown(source, plain):
    assert to_plain(source, AROUND) == plain


def test_labels_lead_to_their_headings_and_figures(chapters):
    targets = targets_of(chapters / "zh", SETTINGS.site_url)
    assert targets["introduction-more"] == Target(
        "https://course.example/mlc/zh/introduction.html#introduction-more", "更多"
    )
    assert targets["fig-toy"].title == "一个方框。"


SOURCE = """\
import a


@a.b
def f():
    # begin
    x = 1
    # end
    return x


class C:
    def g(self):
        pass
"""


def test_a_part_of_a_file_is_chosen_as_on_the_page():
    assert source_part(SOURCE, {"pyobject": "f"})[:2] == ["@a.b", "def f():"]
    assert source_part(SOURCE, {"pyobject": "C.g"}) == ["def g(self):", "    pass"]
    assert source_part(SOURCE, {"start-after": "# begin", "end-before": "# end"}) == ["x = 1"]
    assert source_part(SOURCE, {"start-at": "# begin", "end-at": "# end"}) == ["# begin", "x = 1", "# end"]


@pytest.mark.parametrize("options", [{"pyobject": "nothing"}, {"start-after": "# nowhere"}])
def test_a_part_that_is_not_there_is_an_error(options):
    with pytest.raises(ValueError, match=r"nothing|nowhere"):
        source_part(SOURCE, options)
