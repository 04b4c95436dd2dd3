"""Both languages of every page have the same structure, the same code, and are in step."""

import re

import pytest

from mlc_course.content.exercise_page_names import is_exercise_page
from mlc_course.content.pages import Page, read_page, without_blocks
from mlc_course.content.translations import mark, read_state, stale_sections
from mlc_course.root import course_root, pages

ROOT = course_root()
PAGES = pages(ROOT)
HAN = r"[\u4e00-\u9fff]"


def both(name: str) -> tuple[Page, Page]:
    return read_page(name, "en", ROOT), read_page(name, "zh", ROOT)


@pytest.mark.parametrize("name", PAGES)
def test_code_cells_and_their_metadata_are_identical(name: str):
    english, chinese = both(name)
    assert english.code == chinese.code


@pytest.mark.parametrize("name", PAGES)
def test_labels_are_identical_and_every_heading_has_one(name: str):
    english, chinese = both(name)
    assert english.labels == chinese.labels
    assert english.unlabelled_headings == []
    assert chinese.unlabelled_headings == []
    assert len(set(english.labels)) == len(english.labels)


@pytest.mark.parametrize("name", PAGES)
def test_figures_are_identical_and_in_the_language_of_the_page(name: str):
    english, chinese = both(name)
    assert english.figures == chinese.figures
    assert ".zh.svg" not in english.prose
    assert ".en.svg" not in chinese.prose


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_says_what_is_to_be_seen(name: str):
    for page in both(name):
        assert len(page.figures) == len(re.findall(r"^:alt: .{20,}", page.prose, re.M))


@pytest.mark.parametrize("name", PAGES)
def test_the_chinese_page_is_in_step_with_the_english_prose(name: str):
    assert stale_sections(name, read_state(ROOT), ROOT) == [], "see: make translations"


@pytest.mark.parametrize("name", PAGES)
def test_chinese_prose_has_full_width_punctuation_and_spaces_between_scripts(name: str):
    prose = without_blocks(read_page(name, "zh", ROOT).prose)
    prose = re.sub(r"`[^`\n]*`", "``", prose)
    found = re.findall(rf".{{0,12}}{HAN}[,;:!?](?![\w/]).{{0,8}}", prose)
    found += re.findall(rf".{{0,12}}(?:{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}).{{0,8}}", prose)
    assert found == []


def test_the_set_of_files_is_the_same_in_both_languages_and_all_are_in_the_contents():
    for lang in ("en", "zh"):
        written = [p.stem for p in (ROOT / "chapters" / lang).glob("*.md") if not is_exercise_page(p.stem)]
        assert sorted(written) == sorted(PAGES)


PROSE = "(a)=\n# Title\n\nText.\n\n(b)=\n## Part\n\nMore.\n"
HEADER = "---\njupytext:\n  text_representation:\n    format_name: myst\n---\n"


def make_course(folder):
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/en/page\n")
    for lang in ("en", "zh"):
        (folder / "chapters" / lang).mkdir(parents=True)
        (folder / "chapters" / lang / "page.md").write_text(HEADER + PROSE, "utf-8")
    return folder


def test_a_change_of_one_english_section_makes_that_section_stale(tmp_path):
    root = make_course(tmp_path)
    mark(["page"], root)
    assert stale_sections("page", read_state(root), root) == []
    (root / "chapters/en/page.md").write_text(HEADER + PROSE.replace("More.", "Other."), "utf-8")
    assert stale_sections("page", read_state(root), root) == ["b"]


def test_a_change_of_code_alone_makes_nothing_stale(tmp_path):
    root = make_course(tmp_path)
    mark(["page"], root)
    cell = "\n```{code-cell} python\nprint(1)\n```\n"
    (root / "chapters/en/page.md").write_text(HEADER + PROSE + cell, "utf-8")
    assert stale_sections("page", read_state(root), root) == []


def test_marking_a_page_that_is_missing_in_chinese_is_refused(tmp_path):
    root = make_course(tmp_path)
    (root / "chapters/zh/page.md").unlink()
    with pytest.raises(FileNotFoundError, match="page 'page' is missing in language 'zh'"):
        mark(["page"], root)


def test_a_heading_without_label_is_noticed_and_one_inside_a_code_block_is_not():
    page = Page(ROOT, HEADER + PROSE + "\n## Bare\n\n```python\n# comment\n```\n")
    assert page.unlabelled_headings == ["## Bare"]
