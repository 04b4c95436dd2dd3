"""Small parts: addresses, descriptions, Chinese line breaks, the root page, the message of a failed build."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import new_document
from present import present

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import language_of, page_prefix
from mlc_course.content.settings import Settings, read_settings
from mlc_course.root import course_root
from mlc_course.site.build import serve
from mlc_course.site.build.assemble import render
from mlc_course.site.build.failures import explain
from mlc_course.site.chinese.line_breaks import join_in, join_lines
from mlc_course.site.discovery.hreflang import alternates_of, description_of, head_links
from mlc_course.site.sphinx.anchors import labels_first

SETTINGS = Settings("https://course.example/mlc/", "https://code.example/mlc", "main")


def test_the_language_follows_from_the_source_folder():
    assert language_of(Path("x/chapters/zh")).tag == "zh-CN"
    assert language_of(Path("x/chapters/en")).tag == "en"
    assert language_of(Path("x")).code == "en"
    assert page_prefix(Path("x")) == "chapters/en/"
    assert page_prefix(Path("x/chapters/zh")) == ""


def test_a_page_knows_itself_in_every_language():
    english, chinese = alternates_of("gpu", "zh", SETTINGS.site_url)
    assert (english.href, english.url) == ("../en/gpu.html", "https://course.example/mlc/en/gpu.html")
    assert (english.current, chinese.current) == (False, True)
    assert 'hreflang="x-default" href="https://course.example/mlc/en/gpu.html"' in head_links([english, chinese])


def section(*texts):
    document = nodes.section()
    for text in texts:
        document += nodes.paragraph("", "", *text) if isinstance(text, tuple) else nodes.paragraph("", text)
    return document


def test_the_description_is_the_first_paragraph_that_says_something():
    assert description_of(section("Short.", "This paragraph says what the page is about.")) == (
        "This paragraph says what the page is about."
    )


def test_a_long_description_is_cut_at_a_mark_and_has_no_formulas():
    text = (nodes.Text("词" * 100 + "，" + "语" * 100), nodes.math("", r"\max x"))
    assert description_of(section(text)) == "词" * 100 + "…"


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("循环\n嵌套", "循环嵌套"),
        ("结束。\n下一句", "结束。下一句"),
        ("结束。\nTensorIR", "结束。TensorIR"),
        ("张量\nTensorIR", "张量\nTensorIR"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_line_breaks_leave_no_space_in_chinese_but_do_between_words(source, joined):
    assert join_lines(source) == joined


def test_a_line_break_between_nodes_is_judged_by_its_neighbours_and_code_is_left_alone():
    code = nodes.literal_block("", "循环\n嵌套")
    paragraph = nodes.paragraph(
        "", "", nodes.strong("", "循环"), nodes.Text("\n"), nodes.Text("嵌套"), nodes.Text("\n"), nodes.Text("TVM")
    )
    document = new_document("x")
    document += [paragraph, code]
    join_in(document)
    assert paragraph.astext() == "循环嵌套\nTVM"
    assert code.astext() == "循环\n嵌套"


def test_the_root_page_offers_both_languages_without_scripts():
    page = BeautifulSoup(render("root.html", SETTINGS), "html.parser")
    assert [(a["href"], a["lang"]) for a in present(page.main).find_all("a")] == [
        ("en/index.html", "en"),
        ("zh/index.html", "zh-CN"),
    ]
    assert present(page.find("link", rel="canonical"))["href"] == SETTINGS.site_url


def test_the_page_for_wrong_addresses_speaks_both_languages_and_links_from_the_mount():
    page = BeautifulSoup(render("404.html", SETTINGS), "html.parser")
    assert page.find("section", lang="zh-CN")
    expected = {f"/mlc/{language}/{name}.html" for language in ("en", "zh") for name in ("index", "search")}
    assert {a["href"] for a in page.find_all("a")} == expected


def test_missing_addresses_are_refused(tmp_path):
    (tmp_path / "_config.yml").write_text("html: {}\n")
    with pytest.raises(SiteError, match=r"html\.baseurl and repository\.url"):
        read_settings(tmp_path)


def test_the_addresses_stand_in_the_configuration_alone():
    settings, root = read_settings(course_root()), course_root()
    files = [*(root / "src" / "mlc_course" / "site").rglob("*"), *(root / "chapters" / "_static").rglob("*")]
    for path in [p for p in files if p.suffix in (".py", ".js", ".css", ".html")]:
        text = path.read_text("utf-8")
        assert settings.site_url not in text, path
        assert settings.repository_url not in text, path


def test_a_warning_is_named_with_its_place():
    log = "\x1b[91m/r/chapters/en/a.md:33: WARNING: undefined label: 'x' [ref.ref]\x1b[39;49;00m\n"
    assert "chapters/en/a.md:33: undefined label: 'x'" in explain(log, Path("/r"))


def test_an_exception_in_the_machinery_is_told_by_its_own_message():
    log = (
        "sphinx.errors.ExtensionError: Handler <f> for event 'x' threw an exception (exception: no such file)\n"
        "The above exception was the direct cause\nRuntimeError: \n=====\nThere was an error in building your book.\n"
    )
    assert explain(log, Path("/r")) == "The build stopped: no such file"


def test_serving_before_building_says_what_to_do(tmp_path, monkeypatch, capsys):
    (tmp_path / "_config.yml").write_text(
        "html: {baseurl: https://a.example/}\nrepository: {url: https://b.example/c}\n"
    )
    monkeypatch.setattr(serve, "course_root", lambda: tmp_path)
    assert serve.main([]) == 1
    assert "make site" in capsys.readouterr().err


def test_the_anchor_of_a_label_comes_before_the_one_of_the_heading_s_words():
    document = publish_doctree(".. _gpu-warps:\n\nWhat warps are\n==============\n\ntext\n\nOther\n=====\n\ntext\n")
    before = [section["ids"] for section in document.findall(nodes.section)]
    assert before[0] == ["what-warps-are", "gpu-warps"]
    labels_first(document)
    assert [section["ids"][0] for section in document.findall(nodes.section)] == ["gpu-warps", "other"]
