"""The built site, read as files: every link leads somewhere, every page knows its relatives, downloads are notebooks."""

import zipfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from present import present

from mlc_course.content.exercise_page_names import is_exercise_page, set_of_page, sets_with_page
from mlc_course.content.settings import read_settings
from mlc_course.root import course_root
from mlc_course.site.notebooks.page_notebook import is_notebook

pytestmark = pytest.mark.slow
SETTINGS = read_settings(course_root())
LANGUAGES = {"en": "en", "zh": "zh-CN"}


@cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(str(node.get("id") or node.get("name")) for node in parsed(path).select("[id], a[name]"))


def content_pages(site: Path, language: str) -> list[Path]:
    return [p for p in sorted((site / language).glob("*.html")) if p.stem not in ("search",)]


def target_file(site: Path, page: Path, path: str) -> Path:
    """The file an address on ``page`` names; addresses may start at the site's mount."""
    if path.startswith(SETTINGS.mount):
        found = site / unquote(path.removeprefix(SETTINGS.mount))
    else:
        found = page.parent / unquote(path) if path else page
    return (found / "index.html" if found.is_dir() else found).resolve()


def broken_links(site: Path, page: Path) -> list[str]:
    problems = []
    for node in parsed(page).select("[href], [src]"):
        address = str(node.get("href") or node.get("src") or "")
        own = address.startswith(SETTINGS.site_url)
        parts = urlsplit(address.removeprefix(SETTINGS.site_url.removesuffix(SETTINGS.mount)) if own else address)
        if parts.scheme or parts.netloc:
            continue
        target = target_file(site, page, parts.path)
        if not target.is_file():
            problems.append(f"{page.relative_to(site)}: {address} does not exist")
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target):
            problems.append(f"{page.relative_to(site)}: {address} names an anchor that does not exist")
    return problems


def test_every_internal_link_and_anchor_resolves(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 8
    assert [problem for page in pages for problem in broken_links(site, page)] == []


def test_a_broken_link_would_be_noticed(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<a href="b.html">b</a> <a href="#x">x</a> <a href="#y">y</a> <p id="y"></p>')
    assert [problem.split(": ")[1] for problem in broken_links(tmp_path, page)] == [
        "b.html does not exist",
        "#x names an anchor that does not exist",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_its_language_its_address_and_its_relatives(site, language):
    for path in content_pages(site, language):
        page = parsed(path)
        assert present(page.html)["lang"] == LANGUAGES[language]
        assert present(page.find("link", rel="canonical"))["href"] == f"{SETTINGS.site_url}{language}/{path.name}"
        alternates = {link["hreflang"]: link["href"] for link in present(page.head).find_all("link", rel="alternate")}
        assert alternates == {
            "en": f"{SETTINGS.site_url}en/{path.name}",
            "zh-CN": f"{SETTINGS.site_url}zh/{path.name}",
            "x-default": f"{SETTINGS.site_url}en/{path.name}",
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_descriptions_differ_from_page_to_page(site, language):
    titles = [present(parsed(path).title).string for path in content_pages(site, language)]
    assert len(set(titles)) == len(titles)
    for name in ("index", "introduction", "tensor_programs"):
        description = parsed(site / language / f"{name}.html").find("meta", attrs={"name": "description"})
        assert 20 <= len(present(description)["content"]) <= 161


def test_no_page_loads_a_script_style_or_image_from_elsewhere(site):
    for path in site.rglob("*.html"):
        for node in parsed(path).select("script[src], img[src], iframe[src], link[rel=stylesheet]"):
            address = node.get("src") or node.get("href")
            assert not urlsplit(str(address)).netloc, f"{path}: {address}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_executed_page_and_every_exercise_page_offers_its_notebook(site, language):
    for path in content_pages(site, language):
        button = parsed(path).find("a", class_="mlc-notebook")
        source = course_root() / "chapters" / language / f"{path.stem}.md"
        if is_exercise_page(path.stem):
            expected: str | None = f"exercises/{set_of_page(path.stem)}.ipynb"
        else:
            expected = f"notebooks/{path.stem}.ipynb" if is_notebook(source.read_text("utf-8")) else None
        assert (button and button["href"]) == expected, path
        assert button is None or button.has_attr("download")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_s_exercise_section_leads_to_its_exercise_page(site, language):
    for stem in sets_with_page(course_root()):
        section = parsed(site / language / f"{stem}.html").find(id=f"{stem.replace('_', '-')}-exercises")
        assert f"exercises_{stem}.html" in [link["href"] for link in present(section).find_all("a")], stem


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_archive_on_the_front_page_holds_every_notebook(site, language):
    front = parsed(site / language / "index.html")
    (link,) = [a for a in present(front.article).find_all("a") if str(a["href"]).endswith(".zip")]
    with zipfile.ZipFile(site / language / link["href"]) as archive:
        packed = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    folders = [site / language / name for name in ("notebooks", "exercises")]
    assert packed == {f"{p.parent.name}/{p.name}": p.read_bytes() for f in folders for p in f.glob("*.ipynb")}
    assert {f"exercises/{stem}.ipynb" for stem in sets_with_page(course_root())} <= set(packed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_downloads_are_valid_notebooks_that_check_the_environment_first(site, language):
    notebooks = sorted((site / language / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        book = nbformat.read(path, as_version=4)
        nbformat.validate(book)
        assert book.metadata.mlc.language == language
        first = next(cell for cell in book.cells if cell.cell_type == "code")
        assert "apache-tvm-ffi" in first.source
        compile(first.source, path.name, "exec")


def code_cells(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_notebooks_of_both_languages_have_the_same_code_after_the_check(site):
    for path in (site / "en" / "notebooks").glob("*.ipynb"):
        assert code_cells(path)[1:] == code_cells(site / "zh" / "notebooks" / path.name)[1:], path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_exercise_notebooks_are_valid(site, language):
    for path in (site / language / "exercises").glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
