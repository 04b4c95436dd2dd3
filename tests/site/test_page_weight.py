"""Pages made light: icons drawn in place, scripts and pictures that wait, colours at once; all else stays as it is."""

from importlib.resources import files

import pytest
from present import present
from tinycss2 import parse_stylesheet

from mlc_course.content.errors import SiteError
from mlc_course.site.build.bundles import bundle_scripts, bundle_styles
from mlc_course.site.build.page_weight import (
    defer_scripts,
    draw_icons,
    draw_signs,
    fetch_pictures_late,
    read_html,
    set_theme,
)
from mlc_course.site.build.unused_styles import without_unused

ICONS = {"bars": (448, 512, "M0 96h448")}


def edited(html, edit, *arguments, **options):
    page = read_html(html)
    edit(page, *arguments, **options)
    return str(page)


def test_icons_become_drawings_and_an_unknown_one_is_named():
    drawn = edited('<i class="fa-solid fa-lg fa-bars"></i>', draw_icons, ICONS)
    assert '<i class="fa-solid fa-lg fa-bars"><svg aria-hidden="true" class="mlc-icon" viewBox="0 0 448 512">' in drawn
    with pytest.raises(SiteError, match="'fa-nothing' is not among those"):
        edited('<span class="fas fa-nothing"></span>', draw_icons, ICONS)


def test_scripts_wait_and_options_are_in_the_page(tmp_path):
    (tmp_path / "documentation_options.js").write_text("const DOCUMENTATION_OPTIONS = {};")
    html = (
        '<script src="documentation_options.js?v=1"></script><script src="a.js"></script>'
        '<script type="module" src="m.js"></script><script src="scripts/fontawesome.js"></script>'
    )
    light = edited(html, defer_scripts, tmp_path)
    assert "<script>const DOCUMENTATION_OPTIONS" in light
    assert '<script defer="" src="a.js">' in light
    assert '<script src="m.js" type="module">' in light
    assert "fontawesome" not in light


def test_a_page_has_colours_before_and_without_scripts():
    html = edited(
        '<html lang="en" data-theme="auto"><script>x.theme = localStorage.getItem("theme") || "auto";</script></html>',
        set_theme,
    )
    assert html.startswith('<html data-theme="light" lang="en">')
    assert '|| (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");' in html


def test_pictures_of_the_article_wait_and_know_their_size(tmp_path):
    (tmp_path / "a.svg").write_text('<svg viewBox="0 0 300 80"></svg>')
    html = edited('<img src="logo.svg"/><article><img alt="x" src="a.svg"/></article>', fetch_pictures_late, tmp_path)
    assert html.startswith('<img src="logo.svg"/>')
    picture = present(read_html(html).select_one("article img"))
    size = {"width": "300", "height": "80"}
    assert picture.attrs == {"alt": "x", "src": "a.svg", "loading": "lazy", "decoding": "async", **size}


def test_what_is_not_an_element_stays_as_it_is(tmp_path):
    """Text that looks like an element stands in scripts, comments and listings."""
    looks = '<script src="fontawesome.js"></script><img src="a.svg"><i class="fas fa-nothing"></i>'
    shown = looks.replace("&", "&amp;").replace("<", "&lt;")
    kept = (
        f'<html><body><article><!-- {looks} --><b>   </b><pre>{shown}</pre><p class="b  a">1 &lt; 2 &amp; 3</p>'
        """<script type="application/json">{"html": "<img src=\\"a.svg\\"> & <i class='fas fa-nothing'></i>"}</script></article></body></html>"""
    )
    page = read_html(kept)
    draw_icons(page, ICONS)
    defer_scripts(page, tmp_path)
    fetch_pictures_late(page, tmp_path)
    set_theme(page)
    assert str(page).replace("&gt;", ">") == kept


def test_the_sign_of_a_box_is_drawn_into_its_title():
    html = '<div class="tip admonition"><p class="admonition-title">Try</p></div>'
    assert '<p class="admonition-title"><svg aria-hidden="true" class="mlc-icon"' in edited(
        html, draw_signs, {"lightbulb": (1, 1, "M0")}
    )
    with pytest.raises(SiteError, match="'lightbulb' is not among"):
        edited(html, draw_signs, ICONS)


def test_style_sheets_become_one_with_what_they_import_and_without_icon_fonts(tmp_path):
    styles = tmp_path / "_static" / "styles"
    styles.mkdir(parents=True)
    (styles / "a.css").write_text('@import "../base.css";\n.a { background: url(../x.svg), url("data:image/y") }')
    (tmp_path / "_static" / "base.css").write_text(".base { color: red }")
    (styles / "b.css").write_text(
        '@font-face{font-family:Font Awesome\\ 6 Free;src:url(f.woff2)}.fa-bars:before{content:"x"}.b { color: blue }'
    )
    html = "".join(f'<link rel="stylesheet" href="_static/styles/{name}.css?v=1"/>' for name in "ab")
    pages = [read_html(html + '<link rel="stylesheet" href="https://elsewhere.example/c.css"/>') for _ in range(2)]
    assert bundle_styles(pages[0], tmp_path) == {"_static/styles/a.css", "_static/styles/b.css"}
    bundle_styles(pages[1], tmp_path)
    assert str(pages[0]) == str(pages[1])
    mine, elsewhere = pages[0].select("link")
    assert elsewhere["href"] == "https://elsewhere.example/c.css"
    text = (tmp_path / mine["href"]).read_text("utf-8")
    wanted = '.base { color: red } .a { background: url(x.svg), url("data:image/y") } .b { color: blue }'
    assert " ".join(text.split()) == wanted


def test_scripts_that_wait_become_one_in_their_order_and_others_stay(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "a.js").write_text('"use strict"\nfirst()')
    (tmp_path / "_static" / "b.js").write_text("(() => second())()")
    alone = '<script src="_static/m.js" type="module"></script><script data-x="y" defer="" src="_static/c.js"></script>'
    page = read_html(
        f'<head><script defer="" src="_static/a.js"></script>{alone}<script defer="" src="_static/b.js"></script></head>'
    )
    assert bundle_scripts(page, tmp_path) == {"_static/a.js", "_static/b.js"}
    assert alone in str(page)
    bundle = present(page.script)["src"]
    assert (tmp_path / bundle).read_text("utf-8") == ';"use strict"\nfirst()\n;(() => second())()\n'
    assert len(page.select("script")) == 3


def test_a_page_without_style_sheets_or_scripts_stays_as_it_is(tmp_path):
    page = read_html("<head><title>x</title></head>")
    assert bundle_styles(page, tmp_path) | bundle_scripts(page, tmp_path) == set()
    assert str(page) == "<head><title>x</title></head>"


def test_rules_for_classes_that_no_page_uses_are_left_out_and_licences_stay():
    text = (
        "/*! MIT */.used{a:b}/* note {} */.gone{a:b}.gone,.used{c:d/* no */}@media print{.gone .used{e:f}.used{g:h}}"
        """.bs-x{i:j}.used:not(.gone){k:l}:is(.gone,.used){m:n}.gone::before{content:"}"}p{o:p}@media print{.gone{a:b}}"""
    )
    assert without_unused(text, {"used"}) == (
        "/*! MIT */.used{a:b}.gone,.used{c:d}@media print{.used{g:h}}"
        ".bs-x{i:j}.used:not(.gone){k:l}:is(.gone,.used){m:n}p{o:p}"
    )


@pytest.mark.parametrize(
    "rule",
    ['html[data-theme="light"] .used{a:b}', 'a[href*=".gone"]{a:b}', r".gone\:wide{a:b}", '.used::after{content:"{.gone"}',
     "@font-face{font-family:x;src:url(a.gone)}", "@keyframes gone{from{a:b}to{c:d}}", ":root{--gone:{}}", '@import "a.css";'],
)  # fmt: skip
def test_rules_around_one_that_is_left_out_stay_whole(rule):
    assert without_unused(f"{rule}.gone{{a:b}}{rule}", {"used"}) == rule * 2
    assert without_unused(f'html[data-theme="dark"] .gone{{a:b}}{rule}', {"used"}) == rule


def rules(text: str) -> list[str]:
    """The rules of a style sheet, those inside of ``@media`` and its like as parts of them."""
    return [each.serialize() for each in parse_stylesheet(text, skip_comments=True, skip_whitespace=True)]


@pytest.mark.parametrize("package", ["pydata_sphinx_theme", "sphinx_book_theme"])
def test_of_the_themes_own_style_sheets_only_whole_rules_are_left_out(package):
    sheet = files(package) / "theme" / package / "static" / "styles" / f"{package.replace('_', '-')}.css"
    whole = sheet.read_text("utf-8")
    used = {"bd-header-article", "show"}
    plain = [rule for rule in rules(without_unused(whole, used)) if not rule.startswith("@")]
    left = iter(rules(whole))
    assert all(rule in left for rule in plain), "a rule that is none of the sheet, or in another order"
    without_class = [rule for rule in rules(whole) if "." not in rule.partition("{")[0] and not rule.startswith("@")]
    assert set(without_class) <= set(plain)
    assert 10 < len(plain) < len(rules(whole)) / 2
