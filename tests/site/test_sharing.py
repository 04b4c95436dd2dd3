"""How the site is found and shared: pictures, sitemap, plain map, addresses that stay."""

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from present import present

from mlc_course.content.addresses import LIST, addresses_of, lost_addresses, main, read_addresses, unlisted_addresses
from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import Settings
from mlc_course.root import course_root
from mlc_course.site.build.redirects import write_redirects
from mlc_course.site.discovery.hreflang import description_of
from mlc_course.site.discovery.share_cards import picture, share_tags
from mlc_course.site.discovery.sitemap import llms_text, sitemap
from mlc_course.site.static_svg import card, in_light, title_lines
from mlc_ref.language import Text
from mlc_ref.viz.board import Board

SETTINGS = Settings("https://course.example/mlc/", "https://code.example/mlc", "main")


def drawing():
    board = Board(300, 80, Text("A box", "方框"))
    board.box(10, 10, 200, 50, Text("a box", "方框"))
    return board.render("zh")


def test_a_drawing_in_light_colours_has_no_variable_and_no_dark_side():
    light = in_light(drawing())
    assert "var(" not in light
    assert "prefers-color-scheme" not in light
    assert "#1b1f24" in light
    ElementTree.fromstring(light)


def test_titles_break_between_words_and_between_chinese_characters():
    assert title_lines("Graph Optimization", 12) == ["Graph", "Optimization"]
    assert title_lines("从框架到编译器", 8) == ["从框架到", "编译器"]


def test_a_card_is_a_png_of_the_size_that_is_announced():
    png = picture("调度", "机器学习编译", course_root() / "chapters" / "figures" / "introduction_chain.zh.svg")
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (1200, 630)
    assert picture("调度", "机器学习编译", None) != png


def test_a_figure_without_a_size_is_refused():
    with pytest.raises(ValueError, match="expected an SVG element with viewBox='0 0 width height'"):
        card("Title", "Course", "<svg></svg>")


def test_shared_links_show_title_picture_and_the_other_language():
    tags = BeautifulSoup(
        share_tags("A & B", "", "https://x/a.html", "https://x/a.png", SITE_LANGUAGES["zh"]), "html.parser"
    )
    found = {tag["property"]: tag["content"] for tag in tags.find_all("meta", property=True)}
    assert found["og:title"] == "A & B"
    assert found["og:locale"] == "zh_CN"
    assert found["og:locale:alternate"] == "en_US"
    assert "og:description" not in found


def test_a_description_takes_in_the_list_that_finishes_its_sentence():
    section = nodes.section()
    section += nodes.paragraph("", "After this chapter you can")
    section += nodes.bullet_list(
        "", *(nodes.list_item("", nodes.paragraph("", text)) for text in ("rewrite;", "count."))
    )
    assert description_of(section) == "After this chapter you can rewrite; count."


def test_the_sitemap_names_every_page_in_every_language_with_its_relatives():
    root = ElementTree.fromstring(sitemap(["index", "gpu"], SETTINGS).encode())
    addresses = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "https://course.example/mlc/zh/gpu.html" in addresses
    assert len(addresses) == 4
    assert len(list(root.iter("{http://www.w3.org/1999/xhtml}link"))) == 12


def test_the_plain_map_lists_pages_with_their_descriptions(tmp_path):
    (tmp_path / "en").mkdir()
    page = '<title>GPUs &#8212; Course</title><meta name="description" content="Threads &amp; blocks" />'
    (tmp_path / "en" / "gpu.html").write_text(page, "utf-8")
    text = llms_text(tmp_path, ["gpu"], SETTINGS)
    assert "- [GPUs](https://course.example/mlc/en/gpu.html): Threads & blocks" in text
    assert "## 中文页面" in text


@pytest.mark.parametrize("line", ["gpu", "a b.html", "a.html#x -> b.html", "a.html -> nowhere"])
def test_a_line_that_is_no_address_is_refused(line):
    with pytest.raises(SiteError, match=r"allowed are 'page\.html', 'page\.html#place' and 'old\.html -> new\.html'"):
        read_addresses(line)


def test_a_redirect_to_a_redirect_is_refused():
    with pytest.raises(SiteError, match=r"a\.html is redirected to another redirect"):
        read_addresses("a.html -> b.html\nb.html -> c.html")


def test_a_lost_page_or_place_is_noticed_and_a_redirect_saves_a_page(tmp_path):
    (tmp_path / "new.html").write_text('<section id="kept">')
    published = ["old.html", "old.html#kept", "new.html#gone", "other.html"]
    assert lost_addresses(tmp_path, published, {"old.html": "new.html"}) == ["new.html#gone", "other.html"]


def test_redirects_lead_on_without_scripts_in_every_language(tmp_path):
    site = tmp_path / "_site"
    (tmp_path / "chapters").mkdir()
    (tmp_path / LIST).write_text("old.html -> new.html\n")
    for code in SITE_LANGUAGES:
        (site / code).mkdir(parents=True)
        (site / code / "new.html").write_text("new")
    write_redirects(tmp_path, site)
    page = BeautifulSoup((site / "zh" / "old.html").read_text("utf-8"), "html.parser")
    assert present(page.a)["href"] == "new.html"
    assert present(page.find("meta", attrs={"http-equiv": "refresh"}))["content"] == "1; url=new.html"
    with pytest.raises(SiteError, match="the old page must be gone"):
        write_redirects(tmp_path, site)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_published_address_leads_somewhere(site, language):
    addresses, redirects = read_addresses((course_root() / LIST).read_text("utf-8"))
    assert len(addresses) > 100
    assert lost_addresses(site / language, addresses, redirects) == []


def test_every_page_and_heading_is_in_the_list_of_addresses():
    assert unlisted_addresses(course_root()) == [], (
        "what is published must go on leading somewhere; run: python -m mlc_course.content.addresses --add"
    )


def test_a_heading_that_the_list_lacks_is_named_its_title_and_unlabelled_ones_are_not(tmp_path):
    text = "(gpu)=\n# Title\n\n## No label\n\n(gpu_old)=\n(gpu_warps)=\n\n## Warps\n\n```text\n(gpu-code)=\n## x\n```\n"
    (tmp_path / "chapters" / "en").mkdir(parents=True)
    (tmp_path / "chapters" / "en" / "gpu.md").write_text(text)
    (tmp_path / "_toc.yml").write_text("root: chapters/en/gpu\n")
    (tmp_path / "exercises" / "gpu").mkdir(parents=True)
    (tmp_path / "exercises" / "gpu" / "exercise.md").write_text(
        "## Bind\n\n```{code-cell} python\n:role: answer\n:item: bind_it\n```\n"
    )
    (tmp_path / LIST).write_text("gpu.html\n")
    assert unlisted_addresses(tmp_path) == [
        "gpu.html#gpu-warps",
        "exercises_gpu.html",
        "exercises_gpu.html#exercises-gpu-bind-it",
    ]


def test_addresses_of_the_sources_are_added_without_a_built_site(tmp_path, monkeypatch):
    (tmp_path / "chapters" / "en").mkdir(parents=True)
    (tmp_path / "chapters" / "en" / "gpu.md").write_text("(gpu)=\n# Title\n\n(gpu-warps)=\n## Warps\n")
    (tmp_path / "_toc.yml").write_text("root: chapters/en/gpu\n")
    (tmp_path / LIST).write_text("gpu.html\n")
    monkeypatch.setattr("mlc_course.content.addresses.course_root", lambda: tmp_path)
    assert main(["--add"]) == 0
    assert (tmp_path / LIST).read_text() == "gpu.html\ngpu.html#gpu-warps\n"


@pytest.mark.slow
def test_every_page_is_in_the_list_of_addresses(site):
    addresses, _ = read_addresses((course_root() / LIST).read_text("utf-8"))
    built = [address for address in addresses_of(site / "en") if "#" not in address]
    assert sorted(set(built) - set(addresses)) == [], "run: python -m mlc_course.content.addresses --add"


@pytest.mark.slow
def test_the_pictures_that_pages_announce_exist(site):
    for path in site.glob("*/*.html"):
        image = BeautifulSoup(path.read_text("utf-8"), "html.parser").find("meta", property="og:image")
        assert image or path.stem == "search", path
        if image:
            assert (site / path.parent.name / "_cards" / f"{path.stem}.png").is_file()
            assert str(image["content"]).endswith(f"/{path.parent.name}/_cards/{path.stem}.png")
