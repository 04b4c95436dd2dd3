"""Text in two languages, and the choice between them."""

import pytest

from mlc_ref.language import Text, current_language, parse_language


def test_text_is_given_in_the_language_asked_for(monkeypatch):
    text = Text("two", "二")
    assert (text.get("en"), text.get("zh")) == ("two", "二")
    monkeypatch.setenv("MLC_LANG", "zh")
    assert text.get() == "二"
    monkeypatch.delenv("MLC_LANG")
    assert text.get() == "two"


def test_fields_are_filled_in_their_own_language():
    filled = Text("{n} {what}", "{n} 个{what}").format(n=3, what=Text("loops", "循环"))
    assert filled == Text("3 loops", "3 个循环")
    assert Text.code("C[i]") == Text("C[i]", "C[i]")


def test_another_language_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="got 'fr', allowed en, zh"):
        parse_language("fr")
    monkeypatch.setenv("MLC_LANG", "")
    assert current_language() == "en"
    monkeypatch.setenv("MLC_LANG", "fr")
    with pytest.raises(ValueError, match="'fr'"):
        current_language()


def test_a_chinese_text_keeps_a_space_beside_a_latin_value_and_none_beside_a_chinese_one():
    text = Text("on {where}, {n:.1f} ms", "在 {where} 上用了 {n:.1f} 毫秒")
    assert text.format(where=Text("a phone", "手机"), n=2).zh == "在手机上用了 2.0 毫秒"
    assert text.format(where="GPU 一", n=2).zh == "在 GPU 一上用了 2.0 毫秒"
    assert text.format(where=Text("a phone", "手机"), n=2).en == "on a phone, 2.0 ms"


PHONE, LOOPS = Text("a phone", "手机"), Text("loops", "循环")


@pytest.mark.parametrize(
    ("template", "fields", "expected"),
    [
        ("{a} {b}", {"a": PHONE, "b": LOOPS}, "手机循环"),
        ("{a} {b} {a}", {"a": PHONE, "b": LOOPS}, "手机循环手机"),
        ("在 {a} {b} 上", {"a": PHONE, "b": LOOPS}, "在手机循环上"),
        ("{a} {b}", {"a": PHONE, "b": "GPU"}, "手机 GPU"),
        ("{a} {b}", {"a": "GPU", "b": LOOPS}, "GPU 循环"),
        ("{a} {b}", {"a": "GPU", "b": 2}, "GPU 2"),
        ("{a}{b} {a}", {"a": PHONE, "b": ""}, "手机手机"),
        ("{a} {b}{a}", {"a": PHONE, "b": ""}, "手机手机"),
        ("{a} {b}{c}", {"a": PHONE, "b": "一", "c": "GPU"}, "手机一GPU"),
    ],
)
def test_fields_side_by_side_have_a_space_between_them_only_where_one_is_latin(template, fields, expected):
    assert Text(template, template).format(**fields).zh == expected


def test_spaces_of_a_value_stay_as_they_are():
    assert Text("{x!r}{y}", "得到 {x!r} {y}").format(x="你 好", y="").zh == "得到 '你 好' "
    assert Text("{{x}}", "{{x}} 与 {{y}}").format().zh == "{x} 与 {y}"
