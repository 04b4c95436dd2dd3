"""Widgets: data that cannot break out of its element, both languages, and a text without scripts."""

import json
import re

import pytest
from present import present

from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget, both


def data_of(html: str):
    return json.loads(present(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL))[1])


def test_data_arrives_as_it_was_given_with_both_languages():
    widget = Widget("toy", {"label": Text("tile", "分块"), "sizes": (4, 8)}, "<p>4, 8</p>")
    assert data_of(widget.page_html()) == {"label": {"en": "tile", "zh": "分块"}, "sizes": [4, 8]}


def test_code_in_the_data_cannot_end_the_script_element():
    html = Widget("toy", {"code": "</script><script>alert(1)</script>"}, "").page_html()
    assert html.count("</script>") == 1
    assert data_of(html) == {"code": "</script><script>alert(1)</script>"}


def test_the_fallback_and_the_kept_height_stand_in_the_page():
    html = Widget("toy", {}, both(Text("a tile", "一个分块")), height=200).page_html()
    assert 'data-widget="toy" style="min-height:200px"' in html
    assert '<span lang="en" data-lang="en">a tile</span><span lang="zh-CN" data-lang="zh">一个分块</span>' in html


def test_markup_in_texts_is_shown_and_not_obeyed():
    assert both("a < b") == "<span>a &lt; b</span>"
    assert "&lt;b&gt;" in both(Text("<b>", "<b>"))


@pytest.mark.parametrize("name", ["", "Toy", "../toy", "toy.js"])
def test_a_name_that_is_no_script_is_refused(name):
    with pytest.raises(ValueError, match="name: got"):
        Widget(name, {}, "")


def test_a_height_of_nothing_is_refused():
    with pytest.raises(ValueError, match="height: got 0"):
        Widget("toy", {}, "", height=0)


def test_values_without_json_are_refused_when_the_widget_is_made():
    with pytest.raises(TypeError):
        Widget("toy", {"x": object()}, "")
    with pytest.raises(ValueError, match="JSON"):
        Widget("toy", {"x": float("nan")}, "")
