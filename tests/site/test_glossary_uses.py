"""Terms in running text: the first use on a page is marked, in the page's language, and only there."""

import re

import pytest
from docutils import nodes

from mlc_course.content.exercise_items import exercise_items
from mlc_course.root import course_root
from mlc_course.site.sphinx.glossary import Term, read_terms
from mlc_course.site.sphinx.glossary_uses import (
    SINGLE_WORDS,
    finder,
    mark_first_uses,
    mark_links,
    plain,
    spelled,
    term_use,
)
from mlc_course.site.sphinx.reading_progress import page_data, time_left
from mlc_ref.language import LANGUAGES, Text

TERMS = (
    Term(Text("tensor", "张量"), Text("An array.", "数组。")),
    Term(Text("tensor program", "张量程序"), Text("Loops over `tensors`.", "*张量*上的循环。")),
    Term(Text("block (sblock)", "块"), Text("A unit.", "单元。")),
    Term(Text("cache read / cache write", "缓存读 / 缓存写"), Text("A copy.", "副本。")),
)
ROOT = course_root()


def document(*parts):
    page = nodes.section()
    page += nodes.title("", "A tensor program")
    page += nodes.paragraph("", "", *parts)
    return page


def marked(page):
    return [(use.astext(), use["refuri"], use["other"]) for use in page.findall(term_use)]


def test_the_longest_term_is_marked_once_in_running_text_alone():
    page = document(
        nodes.literal("", "tensor"), nodes.Text(" Tensor programs change tensors; a tensor program is text.")
    )
    mark_first_uses(page, TERMS, "en")
    assert marked(page) == [
        ("Tensor programs", "glossary.html#term-tensor-program", "张量程序"),
        ("tensors", "glossary.html#term-tensor", "张量"),
    ]
    assert page.astext().endswith("Tensor programs change tensors; a tensor program is text.")


def test_chinese_terms_are_found_without_spaces():
    page = document(nodes.Text("编写张量程序，改写张量。"))
    mark_first_uses(page, TERMS, "zh")
    assert [text for text, _, _ in marked(page)] == ["张量程序", "张量"]


def test_a_link_written_in_the_chapter_is_the_use_and_everyday_words_are_left_alone():
    link = nodes.reference("", "blocks", refuri="glossary.html#term-block")
    page = document(link, nodes.Text(" and another block, and a cache read."))
    mark_links(page, TERMS, "en")
    mark_first_uses(page, TERMS, "en")
    assert marked(page) == [("blocks", "glossary.html#term-block", "块")]


def test_a_name_that_could_be_an_everyday_word_is_not_looked_for():
    assert spelled(TERMS[2], "zh") is None
    assert spelled(TERMS[3], "en") is None
    assert "张量程序" in finder(TERMS, "zh")[1]


def test_a_use_before_the_link_is_marked_and_one_after_it_is_not():
    link = nodes.reference("", "tensors", refuri="glossary.html#term-tensor")
    page = document(nodes.Text("A tensor first, "), link, nodes.Text(", and a tensor again."))
    mark_links(page, TERMS, "en")
    mark_first_uses(page, TERMS, "en")
    assert [text for text, _, _ in marked(page)] == ["tensor", "tensors"]
    page = document(
        nodes.reference("", "tensors", refuri="glossary.html#term-tensor"), nodes.Text(", and a tensor again.")
    )
    mark_links(page, TERMS, "en")
    mark_first_uses(page, TERMS, "en")
    assert [text for text, _, _ in marked(page)] == ["tensors"]


@pytest.mark.parametrize(
    ("name", "marked"),
    [("epilogue", ["en", "zh"]), ("lowering", ["en"]), ("handle (of a schedule)", ["zh"]), ("pass", [])],
)
def test_a_name_of_one_word_is_looked_for_in_the_languages_in_which_it_means_nothing_else(name, marked):
    (term,) = [each for each in read_terms(ROOT / "chapters" / "glossary.csv") if each.name.en == name]
    assert [language for language in LANGUAGES if spelled(term, language)] == marked


def test_every_word_that_is_looked_for_is_a_term():
    names = {re.sub(r" ?\(.*", "", term.name.en) for term in read_terms(ROOT / "chapters" / "glossary.csv")}
    assert [word for words in SINGLE_WORDS.values() for word in words if word not in names] == []


def test_a_meaning_is_shown_without_marks():
    assert plain("Loops over `tensors`, *all*.") == "Loops over tensors, all."


def test_no_marked_term_of_the_course_is_shorter_than_two_characters():
    terms = tuple(read_terms(ROOT / "chapters" / "glossary.csv"))
    for language in ("en", "zh"):
        assert all(len(name) >= 2 for name in finder(terms, language)[1])


@pytest.mark.parametrize("stem", ["introduction", "end_to_end", "gpu"])
def test_exercises_have_a_title_in_each_language_without_their_points(stem):
    for _, title in exercise_items(stem, ROOT):
        assert title.en[0].isdigit()
        assert title.en != title.zh
        assert "point" not in title.en
        assert not title.zh.endswith("分）")


def test_a_page_knows_its_topic_and_what_is_left_after_it():
    assert page_data("schedules", ROOT, "zh")["kind"] == "chapter"
    assert page_data("exercises_schedules", ROOT, "en")["topic"] == "schedules"
    assert page_data("glossary", ROOT, "en")["kind"] == "other"
    assert time_left("graph_optimization", ROOT, "en") == "This is the last chapter."
    assert "小时" in time_left("introduction", ROOT, "zh")
    assert time_left("glossary", ROOT, "en") == ""
