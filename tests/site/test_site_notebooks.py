"""The notebook of a page: its cells, plain Markdown, figures, links, and a first cell that looks at the environment."""

import base64
import re
from pathlib import Path

import nbformat
import pytest
from present import present

from mlc_course.content.errors import SiteError
from mlc_course.content.settings import Settings
from mlc_course.root import course_root
from mlc_course.site.notebooks.citations import citation_labels
from mlc_course.site.notebooks.environment_cell import environment_cell, pins
from mlc_course.site.notebooks.page_notebook import is_notebook, page_notebook, targets_of
from mlc_course.site.notebooks.plain_markdown import Surroundings, Target, to_plain
from mlc_ref.language import current_language

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
        (tmp_path / "chapters" / "figures").mkdir(exist_ok=True)
        figure = f"chapters/figures/introduction_chain.{language}.svg"
        (tmp_path / "chapters" / "figures" / f"toy.{language}.svg").write_bytes((course_root() / figure).read_bytes())
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
    assert book.cells[0].source == "# Introduction"
    assert "apache-tvm" in book.cells[1].source
    assert code(book)[1:] == ['print("x" * 300)', "1 + 1"]


def test_figures_of_the_introduction_stay_with_it(chapters):
    page = chapters / "en" / "introduction.md"
    text = page.read_text("utf-8")
    figure = present(re.search(r"```\{figure\}.*?\n```\n", text, re.S))[0]
    page.write_text(text.replace("# Introduction\n", f"# Introduction\n\n{figure}", 1), "utf-8")
    title, _, introduction = notebook(chapters).cells[:3]
    assert "attachments" not in title
    assert list(introduction.attachments) == ["toy.en.png"]


def test_a_page_without_a_title_begins_with_the_check(chapters):
    page = chapters / "en" / "introduction.md"
    page.write_text(page.read_text("utf-8").replace("# Introduction\n", "", 1), "utf-8")
    assert "MLC_LANG" in notebook(chapters).cells[0].source


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
    assert "![A box](attachment:toy.en.png)" in text
    assert "[[Chen *et al.*, 2018a](https://course.example/mlc/en/references.html)]" in text
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


def test_the_first_cell_chooses_the_notebook_s_language_and_leaves_one_that_the_reader_set(
    chapters, capsys, monkeypatch
):
    monkeypatch.setenv("MLC_LANG", "")
    monkeypatch.delenv("MLC_LANG")
    for language in ("zh", "en"):
        book = notebook(chapters, language)
        assert book.metadata["mlc"]["language"] == language
        run(code(book)[0], capsys)
        # What is chosen first stays, in one kernel.
        assert current_language() == "zh"


def test_figures_are_attached_to_the_cells_that_show_them(chapters):
    (cell,) = [cell for cell in notebook(chapters).cells if "attachments" in cell]
    assert list(cell.attachments) == ["toy.en.png"]
    assert base64.b64decode(cell.attachments["toy.en.png"]["image/png"]).startswith(b"\x89PNG")


def test_a_missing_figure_is_an_error_that_names_the_page(chapters):
    (chapters / "figures" / "toy.en.svg").unlink()
    with pytest.raises(SiteError, match=r"introduction\.md: cannot be made into a notebook: .*toy\.en\.svg"):
        notebook(chapters)


def test_an_unknown_citation_is_an_error():
    with pytest.raises(ValueError, match="citation: got 'nobody1999'"):
        to_plain("{cite:p}`nobody1999`", AROUND)


def test_citations_have_one_two_or_more_authors():
    entries = ["Ada A", "Ada A and Bob van B", "Ada A and Bob B and Cy C"]
    text = "".join(f"@misc{{k{i}, author={{{who}}}, title={{T}}, year={{2001}}}}" for i, who in enumerate(entries))
    labels = citation_labels(text)
    assert labels == {"k0": "A, 2001", "k1": "A and van B, 2001", "k2": "A *et al.*, 2001"}


AROUND = Surroundings(
    Path("en"),
    "https://c.example/en/a.html",
    {"b-c": Target("https://c.example/en/b.html#b-c", "See C")},
    citations={"key": "Feng *et al.*, 2023", "other": "Lam, 1988"},
)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("(a-b)=\n## Title", "## Title"),
        ("{ref}`b-c` and {ref}`text <b-c>`", "[See C](https://c.example/en/b.html#b-c) and [text](https://c.example/en/b.html#b-c)"),
        ("[text](#b-c)", "[text](https://c.example/en/b.html#b-c)"),
        ("{cite:p}`key`", "[[Feng *et al.*, 2023](https://c.example/en/references.html)]"),
        ("{cite:p}`key, other`", "[[Feng *et al.*, 2023](https://c.example/en/references.html), [Lam, 1988](https://c.example/en/references.html)]"),
        ("[tile](#term-tile)", "[tile](https://c.example/en/glossary.html#term-tile)"),
        ("[tile](glossary.md#term-tile)", "[tile](https://c.example/en/glossary.html#term-tile)"),
        ("[text](b_d.md#b_d-e_f)", "[text](https://c.example/en/b_d.html#b-d-e-f)"),
        ("````{tip}\n```{figure} ../figures/f.en.svg\n:alt: F\n```\n````", "> **Tip**\n>\n>\n> ![F](attachment:f.en.png)\n>\n>"),
        ("Term\n: What it means,\n  in two lines.\n: Another.", "- **Term**  \n  What it means,\n  in two lines.\n  Another."),
        ("A claim[^n].\n\n[^n]: Its reason.", "A claim<sup>n</sup>.\n\n<sup>n</sup> Its reason."),
        ("$$\nx\n$$ (label)", "$$\nx\n$$"),
        ("```{dropdown} Why `a < b`?\nx\n```", "<details><summary>Why <code>a &lt; b</code>?</summary>\n\nx\n\n</details>"),
        ("{exercise-download}`do it <gpu>`", "[do it](https://c.example/en/exercises/gpu.ipynb)"),
        (":::{tip}\nRead.\n:::", "> **Tip**\n>\n> Read."),
        (":::{warning} Mind\nRead.\n:::", "> **Mind**\n>\n> Read."),
        ("```{math}\n:label: eq\nx\n```", "$$\nx\n$$"),
        ("```python\n(a)=\n:::{tip}\n```", "```python\n(a)=\n:::{tip}\n```"),
        ("````{dropdown} Answer\n```python\nx\n```\n````", "<details><summary>Answer</summary>\n\n```python\nx\n```\n\n</details>"),
        (":::{unheard-of} x\nStill here.\n:::", "Still here."),
    ],
)  # fmt: skip
def test_website_markdown_becomes_plain_markdown(source, plain):
    assert to_plain(source, AROUND) == plain


def test_an_admonition_without_a_title_has_that_of_its_language():
    around = Surroundings(Path("zh"), "https://c.example/zh/a.html", {})
    assert to_plain(":::{tip}\n读。\n:::", around) == "> **小技巧**\n>\n> 读。"


def test_labels_lead_to_their_headings_and_figures(chapters):
    targets = targets_of(chapters / "zh", SETTINGS.site_url)
    assert targets["introduction-more"] == Target(
        "https://course.example/mlc/zh/introduction.html#introduction-more", "更多"
    )
    assert targets["fig-toy"].title == "一个方框。"
