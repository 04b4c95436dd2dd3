"""Text in two languages, and the choice between them."""

import textwrap

import pytest

from mlc_ref.language import PAGES, Text, current_language, for_print, parse_language, printed_in


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


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        ("no loop", "英文原文：no loop"),
        ("n：得到 3", "n：得到 3"),
        ("no such file: '/home/张三/a.json'", "英文原文：no such file: '/home/张三/a.json'"),
        ("3", "3"),
    ],
)
def test_what_a_library_says_is_marked_as_english_unless_it_is_chinese(words, chinese):
    assert Text.english(words) == Text(words, chinese)


def test_spaces_of_a_value_stay_as_they_are():
    assert Text("{x!r}{y}", "得到 {x!r} {y}").format(x="你 好", y="").zh == "得到 '你 好' "
    assert Text("{{x}}", "{{x}} 与 {{y}}").format().zh == "{x} 与 {y}"


@pytest.fixture
def on_pages(monkeypatch):
    """As cells are run for the website."""
    monkeypatch.setenv(PAGES, "1")


def test_what_cells_print_for_the_website_holds_both_languages_and_each_page_keeps_its_own(on_pages):
    output = f"one\n{for_print(Text('two loops', '两层循环'))}\n{for_print(Text.code('C[i]'))}: {for_print(Text('a', '甲'))}\n"
    assert printed_in("en", output) == "one\ntwo loops\nC[i]: a\n"
    assert printed_in("zh", output) == "one\n两层循环\nC[i]: 甲\n"


def test_a_text_inside_another_is_in_its_language_too(on_pages):
    inner = for_print(Text("index", "下标"))
    output = for_print(Text("{error} of A", "A 的{error}").format(error=inner))
    assert (printed_in("en", output), printed_in("zh", output)) == ("index of A", "A 的下标")


def test_a_cell_may_wrap_what_it_prints_and_cut_a_part_off(on_pages):
    output = for_print(Text("expected: a loop; found: none", "期望：循环；实际：没有"))
    wrapped = textwrap.fill(output, 17, subsequent_indent="  ")
    assert printed_in("en", wrapped).split() == ["expected:", "a", "loop;", "found:", "none"]
    assert "".join(printed_in("zh", wrapped).split()) == "期望：循环；实际：没有"
    assert printed_in("en", output.partition(": ")[2][:6]) == "a loop"
    assert printed_in("zh", "plain") == "plain"


def test_the_language_of_whoever_builds_the_website_does_not_matter(on_pages, monkeypatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    assert printed_in("en", for_print(Text("two", "二"))) == "two"
    monkeypatch.delenv(PAGES)
    assert for_print(Text("two", "二")) == "二"
    monkeypatch.delenv("MLC_LANG")
    assert for_print(Text("two", "二")) == "two"


def test_lines_of_a_text_can_be_printed_one_by_one(on_pages):
    output = for_print(Text("counter  kernel\n  flops   3\nend", "计数器  kernel\n   浮点运算  3\nend"))
    assert [printed_in("zh", line) for line in output.splitlines()] == ["计数器  kernel", "   浮点运算  3", "end"]
    assert printed_in("en", output) == "counter  kernel\n  flops   3\nend"
    assert printed_in("zh", for_print(Text("one\ntwo", "一二"))) == "一二"
