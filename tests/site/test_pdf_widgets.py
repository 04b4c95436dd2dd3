"""The text of interactive pieces in the book: one language, no controls, every kind of text kept."""

import pytest
from docutils import nodes
from tvm.s_tir import Schedule

from mlc_course.site.pdf.widgets import paper_text, unfolded
from mlc_ref.introduction.programs import AddOne
from mlc_ref.introduction.self_checks import check
from mlc_ref.language import Language, Text
from mlc_ref.viz import explore
from mlc_ref.viz.widget import PAGES, Widget, both


def on_paper(fallback: str, language: Language = "en") -> list[nodes.Node]:
    return paper_text(Widget("explore", {}, fallback).page_html(), language)


@pytest.mark.parametrize(("language", "said"), [("en", "Two loops."), ("zh", "两层循环。")])
def test_the_book_has_the_texts_of_its_own_language(language, said):
    (paragraph,) = on_paper(both(Text("Two loops.", "两层循环。"), "p"), language)
    assert paragraph.astext() == said


def test_lists_listings_and_code_keep_their_kind():
    found = on_paper("<ol><li><code>split(i)</code> cuts</li></ol><pre>for i:\n  x</pre>")
    assert [type(each) for each in found] == [nodes.enumerated_list, nodes.literal_block]
    assert [literal.astext() for literal in found[0].findall(nodes.literal)] == ["split(i)"]
    assert found[1].astext() == "for i:\n  x"


def test_a_table_has_a_head_and_rows_of_one_length():
    (table,) = on_paper("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>")
    assert [row.astext() for row in table.findall(nodes.thead)] == ["a\n\nb"]
    assert {len(row.children) for row in table.findall(nodes.row)} == {2}


def test_text_outside_of_a_block_is_a_paragraph_and_controls_are_left_out():
    found = on_paper("before<button>Play</button><ul><li>one</li></ul>after")
    assert [each.astext() for each in found] == ["before", "one", "after"]


def test_other_output_is_left_alone():
    assert paper_text("<p>a table of pandas</p>", "en") == []


def test_a_self_check_stands_in_the_book_in_its_language(monkeypatch):
    monkeypatch.setenv(PAGES, "1")
    found = paper_text(check("forms", {})._repr_html_(), "zh")
    assert [each.astext().partition("：")[0] for each in found] == ["还不对", "提示"]


def test_the_steps_of_a_schedule_stand_in_the_book():
    schedule = Schedule(AddOne)
    schedule.vectorize(schedule.get_loops(schedule.get_sblock("add"))[0])
    found = paper_text(explore(schedule, AddOne).page_html(), "zh")
    assert any("vectorize" in each.astext() for each in found)
    assert not any("Widget(" in each.astext() for each in found)


def test_hints_stand_open_after_their_names():
    found = unfolded(
        "<details><summary>Hint 1</summary>Use <code>split</code>.</details>\n<details><summary>Hint 2</summary>Twice.</details>"
    )
    assert [each.astext() for each in found] == ["Hint 1 Use split.", "Hint 2 Twice."]
    assert [strong.astext() for strong in found[0].findall(nodes.strong)] == ["Hint 1"]


def test_html_without_anything_folded_stays_as_it_is():
    assert unfolded("<b>x</b>") == []
