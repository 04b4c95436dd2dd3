"""The notebooks that the built site offers, of pages and of exercises: links, figures, widgets, the place of the check."""

import re
from functools import cache
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from mlc_course.content.settings import read_settings
from mlc_course.root import course_root

SITE_SYNTAX = re.compile(r"^:{3,}|^`{3,}\{|\{[\w:-]+\}`|^\([\w-]+\)=|\[\^[\w-]+\]", re.M)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def downloaded(site):
    """Every notebook that the site offers, those of exercises as well, with its path."""
    paths = sorted([*site.glob("*/notebooks/*.ipynb"), *site.glob("*/exercises/*.ipynb")])
    assert len(paths) >= 40
    return [(path.relative_to(site), nbformat.read(path, as_version=4)) for path in paths]


def prose_cells(book):
    """The Markdown of a notebook without the listings in it."""
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    return [re.sub(r"^(```+).*?^\1$", "", text, flags=re.M | re.S) for text in texts]


@cache
def anchors(path):
    return set(re.findall(r' id="([^"]+)"', path.read_text("utf-8")))


def lost(site, address):
    """Whether an address of the course leads nowhere in the built site."""
    place = urlsplit(address.removeprefix(read_settings(course_root()).site_url))
    path = site / place.path
    if path.is_dir():
        path = path / "index.html"
    return not path.is_file() or bool(place.fragment and unquote(place.fragment) not in anchors(path))


@pytest.mark.slow
def test_in_every_downloaded_notebook_of_a_page_the_check_stands_right_below_the_title(site):
    for name, book in downloaded(site):
        if name.parts[1] == "notebooks":
            title, check, introduction = book.cells[:3]
            assert re.fullmatch("# .+", title.source), name
            assert (check.cell_type, "MLC_LANG" in check.source) == ("code", True), name
            assert (introduction.cell_type, introduction.source[:1] == "#") == ("markdown", False), name


@pytest.mark.slow
def test_every_link_of_every_downloaded_notebook_leads_somewhere(site):
    own, wrong = 0, []
    for name, book in downloaded(site):
        for address in [address for text in prose_cells(book) for address in LINK.findall(text)]:
            if address.startswith(read_settings(course_root()).site_url):
                own += 1
                wrong += [f"{name}: {address}"] if lost(site, address) else []
            elif not address.startswith(("https://", "attachment:")):
                wrong.append(f"{name}: {address}")
    assert wrong == []
    assert own > 500


@pytest.mark.slow
def test_downloaded_notebooks_need_no_network_for_their_figures_and_hold_no_syntax_of_the_website(site):
    shown = 0
    for name, book in downloaded(site):
        assert SITE_SYNTAX.findall("\n".join(prose_cells(book))) == [], name
        for cell in [cell for cell in book.cells if cell.cell_type == "markdown"]:
            pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", cell.source)
            assert sorted(pictures) == sorted(f"attachment:{key}" for key in cell.get("attachments", {})), name
            shown += len(pictures)
    assert shown >= 100


@pytest.mark.slow
def test_widgets_of_downloaded_notebooks_bring_all_they_need_in_one_language(site):
    kinds = set()
    for name, book in downloaded(site):
        language = name.parts[0]
        assert book.metadata["mlc"]["language"] == language
        outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
        for html in [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]:
            shown = BeautifulSoup(html, "html.parser")
            assert shown.select("[data-lang], [src], link") == [], name
            for widget in shown.select(".mlc-widget"):
                assert str(widget["lang"]).startswith(language), name
                assert len(widget.select("style, script:not([type])")) == 2, name
                assert widget.select("[style]") == [], name
                kinds.add(widget["data-widget"])
    assert len(kinds) == 9
