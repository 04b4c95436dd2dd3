"""Pages made light: icons drawn in place, scripts and pictures that wait, colours at once; all else stays as it is."""

import pytest

from mlc_course.content.errors import SiteError
from mlc_course.site.build.page_weight import defer_scripts, draw_icons, fetch_pictures_late, read_html, set_theme

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


def test_scripts_wait_and_search_files_stay_with_the_search_page(tmp_path):
    (tmp_path / "documentation_options.js").write_text("const DOCUMENTATION_OPTIONS = {};")
    html = (
        '<script src="documentation_options.js?v=1"></script><script src="a.js"></script>'
        '<script type="module" src="m.js"></script><script src="searchindex.js"></script>'
    )
    light = edited(html, defer_scripts, tmp_path, search=False)
    assert "<script>const DOCUMENTATION_OPTIONS" in light
    assert '<script defer="" src="a.js">' in light
    assert '<script src="m.js" type="module">' in light
    assert "searchindex" not in light
    assert "searchindex" in edited(html, defer_scripts, tmp_path, search=True)


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
    picture = read_html(html).select_one("article img")
    size = {"width": "300", "height": "80"}
    assert picture.attrs == {"alt": "x", "src": "a.svg", "loading": "lazy", "decoding": "async", **size}


def test_what_is_not_an_element_stays_as_it_is(tmp_path):
    """Text that looks like an element stands in scripts, comments and listings."""
    looks = '<script src="searchindex.js"></script><img src="a.svg"><i class="fas fa-nothing"></i>'
    shown = looks.replace("&", "&amp;").replace("<", "&lt;")
    kept = (
        f'<html><body><article><!-- {looks} --><b>   </b><pre>{shown}</pre><p class="b  a">1 &lt; 2 &amp; 3</p>'
        """<script type="application/json">{"html": "<img src=\\"a.svg\\"> & <i class='fas fa-nothing'></i>"}</script></article></body></html>"""
    )
    page = read_html(kept)
    draw_icons(page, ICONS)
    defer_scripts(page, tmp_path, search=False)
    fetch_pictures_late(page, tmp_path)
    set_theme(page)
    assert str(page).replace("&gt;", ">") == kept
