"""The glossary: complete in both languages, with one anchor a term."""

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


def test_two_terms_with_one_anchor_are_refused(tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(HEADER + "block,块,a,甲\nblock (sblock),块,b,乙\n", "utf-8")
    with pytest.raises(ValueError, match="several terms have the anchor term-block"):
        read_terms(path)
