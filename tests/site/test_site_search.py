"""Search in both languages: text and query become the same terms."""

import pytest

from mlc_course.site.search.chinese import ChineseSearch
from mlc_course.site.search.english import EnglishSearch, published_stemmer
from mlc_course.site.search.index import without_former_words


@pytest.fixture
def search():
    return ChineseSearch({})


def test_a_run_of_characters_gives_its_pairs_and_each_character(search):
    assert search.split("矩阵乘法") == ["矩阵", "阵乘", "乘法", "矩", "阵", "乘", "法"]


def test_pairs_do_not_reach_over_punctuation_or_latin_words(search):
    terms = search.split("矩阵，乘法 TensorIR调度")
    assert "阵乘" not in terms
    assert {"矩阵", "乘法", "TensorIR", "调度"} <= set(terms)


def test_identifiers_are_found_whole_and_by_their_words(search):
    assert search.split("cache_read") == ["cache_read", "cache", "read"]


def test_latin_words_are_stemmed_in_lower_case_and_han_terms_are_left_alone(search):
    assert search.stem("TensorIR") == search.stem("tensorir")
    assert search.stem("Schedules") == search.stem("schedule")
    assert search.stem("调度") == "调度"


def test_single_characters_are_indexed_but_stop_words_and_letters_are_not(search):
    assert search.word_filter("块")
    assert not search.word_filter("the")
    assert not search.word_filter("x")


def test_the_browser_s_stemmer_follows_the_published_algorithm():
    assert "abli: 'able'" in EnglishSearch.js_stemmer_code
    assert "logi" not in EnglishSearch.js_stemmer_code


def test_another_stemmer_than_the_known_one_is_noticed():
    with pytest.raises(ValueError, match="see whether both halves agree now"):
        published_stemmer("var Stemmer = function() {}")


def test_words_that_stand_on_no_page_leave_the_index():
    index = {"docnames": ["a"], "terms": {"former": [], "here": 0, "there": [0, 1]}, "titleterms": {"gone": []}}
    cleaned = without_former_words(index)
    assert cleaned == {"docnames": ["a"], "terms": {"here": 0, "there": [0, 1]}, "titleterms": {}}
