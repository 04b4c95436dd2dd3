"""Formulas become MathML while building; what cannot be shown stops the build."""

from xml.etree import ElementTree

import pytest

from mlc_course.site.sphinx.mathml import FormulaError, to_mathml

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def tags(latex, *, display=False):
    return [
        node.tag.removeprefix(NAMESPACE) for node in ElementTree.fromstring(to_mathml(latex, display=display)).iter()
    ]


def test_a_sum_with_bounds_is_one_element():
    assert "munderover" in tags(r"\sum_{k=0}^{K-1} A_{i,k}", display=True)


def test_the_formula_stays_readable_for_those_who_hear_the_page():
    assert ElementTree.fromstring(to_mathml(r"a < b", display=False)).get("alttext") == "a < b"


def test_display_and_inline_are_told_apart():
    assert 'display="block"' in to_mathml("x", display=True)
    assert 'display="inline"' in to_mathml("x", display=False)


@pytest.mark.parametrize("environment", ["aligned", "align", "align*", "split"])
def test_aligned_lines_become_rows(environment):
    latex = rf"\begin{{{environment}}} a &= b \\ c &= d \end{{{environment}}}"
    assert tags(latex, display=True).count("mtr") == 2


def test_chinese_words_stand_in_a_formula():
    assert "张量" in to_mathml(r"\text{张量}", display=False)


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\maxx(0, x)", r"uses \\maxx"),
        (r"\frac{a}{b", "unbalanced braces"),
        ("a & b", "cannot be converted"),
        (r"\begin{tikzpicture}x\end{tikzpicture}", "environment 'tikzpicture' is not supported"),
    ],
)
def test_what_cannot_be_converted_is_an_error(latex, reason):
    with pytest.raises(FormulaError, match=reason):
        to_mathml(latex, display=False)
