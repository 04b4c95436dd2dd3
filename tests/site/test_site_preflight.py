"""What can be known before executing is said before, all at once, with what to write where."""

import shutil
from pathlib import Path

import pytest

from mlc_course.content.errors import SiteError
from mlc_course.content.page_references import Reference, directives, names, references
from mlc_course.content.pages import Page
from mlc_course.root import course_root
from mlc_course.site.build.command import build
from mlc_course.site.build.preflight import RULES, problems
from mlc_ref.language import LANGUAGES

TOY = Path(__file__).parent / "toy"
MAP = "\n```{course-map}\nintroduction: the first program\n```\n"


@pytest.fixture
def course(tmp_path):
    """The toy course's sources, without what only a build needs."""
    root = course_root()
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copy(root / name, tmp_path / name)
    shutil.copy(TOY / "_toc.yml", tmp_path / "_toc.yml")
    for language in LANGUAGES:
        shutil.copytree(TOY / language, tmp_path / "chapters" / language)
    shutil.copytree(TOY / "exercises", tmp_path / "exercises")
    for name in ("references.bib", "glossary.csv"):
        shutil.copy(root / "chapters" / name, tmp_path / "chapters" / name)
    (tmp_path / "src" / "mlc_ref" / "introduction").mkdir(parents=True)
    shutil.copy(root / "src" / "mlc_ref" / "language.py", tmp_path / "src" / "mlc_ref")
    (tmp_path / "chapters" / "figures").mkdir()
    for language in LANGUAGES:
        (tmp_path / "chapters" / "figures" / f"toy.{language}.svg").touch()
    return tmp_path


def add(course, path, text):
    with (course / path).open("a", encoding="utf-8") as file:
        file.write(text)


def only_problem(course, languages=LANGUAGES):
    (problem,) = problems(course, languages)
    return problem


def test_the_course_and_the_toy_course_have_no_problem(course):
    assert problems(course_root()) == []
    assert problems(course) == []


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("see {ref}`nowhere`", "undefined label: 'nowhere'. Write (nowhere)= above the heading it means"),
        ("see {ref}`there <nowhere>`", "undefined label: 'nowhere'"),
        ("see {numref}`fig-nowhere`", "undefined label: 'fig-nowhere'"),
        ("[a](#nowhere)", "undefined label: 'nowhere'"),
        ("[a](#term-nowhere)", "no term with the anchor 'term-nowhere'. Add a line to chapters/glossary.csv"),
        ("[a](glossary.md#term-nowhere)", "no term with the anchor 'term-nowhere'"),
        ("[a](nowhere.md)", "there is no page nowhere.md in _toc.yml"),
        ("{exercise-download}`a <nowhere>`", "expected a stem: there is no exercises/nowhere/exercise.md"),
        ("{repository-file}`a <nowhere.md>`", "expected the path of a file in the repository"),
        ("{reading-time}`nowhere`", "got 'nowhere', allowed introduction"),
        ("{cite:p}`chen2018tvm,nobody`", "the work 'nobody'. Add an entry @…{nobody, …} to chapters/references.bib"),
        ("```{figure} ../figures/nowhere.svg\n:alt: a\n```", "there is no file ../figures/nowhere.svg"),
        ("```{literalinclude} ../../src/nowhere.py\n```", "there is no file ../../src/nowhere.py"),
        (
            "```{literalinclude} ../../src/mlc_ref/language.py\n:pyobject: nothing\n```",
            "there is no object 'nothing'",
        ),
        (
            '```{literalinclude} ../../src/mlc_ref/language.py\n:start-at: "no such line"\n```',
            "no line holds 'no such line'",
        ),
        ("```{course-map}\nnowhere: text\n```", "Write a line '<stem>: what you build' for introduction"),
        ("```{course-map}\nintroduction\n```", "expected '<stem>: what you build'"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_page_names_and_nobody_has_is_told_with_its_line(course, language, added, told):
    path = f"chapters/{language}/introduction.md"
    line = (course / path).read_text("utf-8").count("\n") + 2
    add(course, path, f"\n{added}\n")
    if "glossary.md" in added:
        assert any(told in problem and f"{path}:{line}: " in problem for problem in problems(course))
    else:
        problem = only_problem(course)
        assert problem.startswith(f"{path}:{line}: ")
        assert told in problem


def test_a_listing_in_a_fold_is_looked_at_like_any_other(course):
    path = "chapters/en/introduction.md"
    line = (course / path).read_text("utf-8").count("\n") + 3
    add(course, path, "\n:::{dropdown} Code\n```{literalinclude} ../../src/nowhere.py\n```\n:::\n")
    assert only_problem(course).startswith(f"{path}:{line}: literalinclude: there is no file ../../src/nowhere.py")


def test_what_exists_is_no_problem(course):
    text = "{ref}`a <Introduction-Cells>` [b](#fig-toy) {eq}`toy-long` [c](introduction.md) [d](#term-tensor) " \
        "{repository-file}`e <pyproject.toml>` [f](#exercises_introduction-double) {reading-time}`introduction` " \
        "[g](exercises_introduction.md) [h](https://a.example/#x) [i](../figures/toy.en.svg)"  # fmt: skip
    add(course, "chapters/en/introduction.md", f"\n{text}\n{MAP}")
    assert problems(course) == []


def test_what_is_shown_as_code_or_left_as_a_remark_refers_to_nothing(course):
    text = "`{ref}` `[a](#nowhere)` ``{ref}`nowhere` ``\n\n% [a](#nowhere)\n\n```text\n[a](#nowhere)\n```\n"
    add(course, "chapters/en/introduction.md", f"\n{text}")
    assert problems(course) == []


def test_pages_of_languages_that_are_not_built_may_be_wrong_but_not_missing(course):
    add(course, "chapters/zh/introduction.md", "\n[a](#nowhere)\n")
    assert problems(course, ["en"]) == []
    (course / "chapters" / "zh" / "introduction.md").unlink()
    assert "chapters/zh/introduction.md: _toc.yml names this page, but it does not exist" in only_problem(
        course, ["en"]
    )


def test_a_page_that_is_no_notebook_is_named(course):
    path = course / "chapters" / "en" / "introduction.md"
    path.write_text(path.read_text("utf-8").replace("  display_name: Python 3\n", ""), "utf-8")
    assert only_problem(course).startswith("chapters/en/introduction.md: cannot be read as a notebook: ")


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("_toc.yml", "Foundations", "Cooking", "'Cooking' has no Chinese name"),
        ("_config.yml", "baseurl:", "nothing:", "html.baseurl and repository.url"),
        ("pyproject.toml", "apache-tvm==", "apache-tvm>=", "apache-tvm must be pinned"),
        ("chapters/glossary.csv", "en,zh,", "en,chinese,", "the first line must be en,zh,meaning_en,meaning_zh"),
    ],
)
def test_mistakes_in_files_of_the_whole_course_are_told(course, path, old, new, told):
    file = course / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert told in only_problem(course)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("introduction.html -> index.html", "there is a page introduction.html"),
        ("old.html -> nowhere.html#x", "there is no page nowhere.html"),
        ("old", "allowed are 'page.html'"),
    ],
)
def test_a_redirect_that_cannot_be_made_is_told(course, line, told):
    (course / "chapters" / "addresses.txt").write_text(line + "\n")
    assert told in only_problem(course)


def test_a_build_lists_all_problems_and_starts_nothing(course, monkeypatch):
    def started(*_arguments, **_options):
        raise AssertionError("a page would be executed")

    monkeypatch.setattr("mlc_course.site.build.command.build_language", started)
    add(course, "chapters/en/introduction.md", "\n[a](#nowhere)\n")
    add(course, "chapters/zh/index.md", "\n{cite:p}`nobody`\n")
    with pytest.raises(SiteError) as caught:
        build(course, list(LANGUAGES), echo=False)
    lines = str(caught.value).splitlines()
    assert lines[0] == "Nothing was executed yet; 2 problem(s) must be corrected first:"
    assert lines[1].startswith("  chapters/en/introduction.md:")
    assert lines[2].startswith("  chapters/zh/index.md:")


def test_every_rule_says_what_it_demands():
    assert all(rule.__doc__ for rule in RULES)


def test_references_and_names_are_read_with_their_lines():
    text = '(one)=\n# One {ref}`a <b>` [c](#d)\n\n```{figure} x.svg\n:name: two\n:alt: "an x"\n```\n\n{#three}\ntext\n'
    page = Page(Path("p.md"), text)
    assert list(references(page)) == [Reference(2, "ref", "b"), Reference(2, "link", "#d")]
    assert names(page) == {"one", "two", "three"}
    (figure,) = directives(page)
    assert (figure.line, figure.name, figure.argument) == (4, "figure", "x.svg")
    assert figure.options == {"name": "two", "alt": "an x"}
