"""The glossary: complete in both languages, with one anchor a term."""

import re

import pytest

from mlc_course.root import course_root
from mlc_course.site.sphinx.glossary import Term, read_terms
from mlc_ref.language import Text

HEADER = "en,zh,meaning_en,meaning_zh\n"


def test_every_term_of_the_course_has_both_languages_and_a_meaning():
    terms = read_terms(course_root() / "chapters" / "glossary.csv")
    assert len(terms) >= 77
    assert "term-block-axis" in [term.anchor for term in terms]


@pytest.mark.parametrize(
    ("english", "anchor"),
    [("warp", "term-warp"), ("block (sblock)", "term-block"), ("loop split / tiling", "term-loop-split-tiling")],
)
def test_the_anchor_is_the_english_term_without_brackets(english, anchor):
    assert Term(Text(english, "词"), Text("m", "义")).anchor == anchor


def test_a_term_without_meaning_is_refused_with_its_line(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(HEADER + "warp,线程束,32 threads,\n", "utf-8")
    with pytest.raises(ValueError, match="line 2: empty meaning_zh"):
        read_terms(path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("warp,线程束,32 threads, in step,32 个线程", "got 5 fields, expected 4. Put a field that holds a comma"),
        ("warp,线程束,32 threads", "got 3 fields, expected 4"),
        ("线程束,warp,32 threads,32 个线程", "en holds Chinese: got '线程束'"),
        ("warp,线程束,32 个线程,32 threads", "meaning_en holds Chinese: got '32 个线程'"),
        ("warp,warp,32 threads,32 个线程", "zh holds no Chinese: got 'warp'"),
    ],
)
def test_a_shifted_column_is_refused_with_its_line(tmp_path, line, told):
    path = tmp_path / "glossary.csv"
    path.write_text(HEADER + "block,块,a,甲\n" + line + "\n", "utf-8")
    with pytest.raises(ValueError, match="line 3: " + re.escape(told)):
        read_terms(path)


def test_all_wrong_lines_are_named_and_a_wrong_first_line_is(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(HEADER + "warp\nblock,块,a,甲\nlane,,a,乙\n", "utf-8")
    with pytest.raises(ValueError, match=r"(?s)line 2: got 1 fields.*line 4: empty zh"):
        read_terms(path)
    path.write_text("term,zh,meaning_en,meaning_zh\n", "utf-8")
    with pytest.raises(ValueError, match="the first line must be en,zh,meaning_en,meaning_zh"):
        read_terms(path)


def test_two_terms_with_one_anchor_are_refused(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(HEADER + "block,块,a,甲\nblock (sblock),块,b,乙\n", "utf-8")
    with pytest.raises(ValueError, match="several terms have the anchor term-block"):
        read_terms(path)
