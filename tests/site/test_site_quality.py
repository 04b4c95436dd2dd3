"""What every page owes its readers, seen in the built files: little weight, nothing before the first paint, words for pictures."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Comment
from present import present

from mlc_course.site.chinese.interface_phrases import PHRASES

pytestmark = pytest.mark.slow
HEAVIEST, MOST_REQUESTS = 250 * 1024, 20
HAN = re.compile(r"[\u4e00-\u9fff]")
# Names that read the same in Chinese.
NAMES = re.compile(r"Ctrl|English|GPU|[a-z_]+|Meta\w+|Apache-2\.0|Tensor\w*|Colab|Binder|[A-Z0-9 .·+]+")


@cache
def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def loaded(page: Path) -> set[Path]:
    """Scripts and styles a page loads, with the modules that those import at once; pictures are fetched later."""
    text = page.read_text("utf-8")
    tags = re.findall(r"<(?:script|link)\b[^>]*>", text)
    names = [m[1] for tag in tags if (m := re.search(r'(?:src|href)="([^":?#]+\.(?:js|css))', tag))]
    found: set[Path] = set()
    waiting = [(page.parent / name).resolve() for name in names]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            imports = re.findall(r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"', path.read_text("utf-8"), re.M)
            waiting += [(path.parent / name).resolve() for name in imports]
    return found


def test_the_heaviest_page_stays_below_its_limit_in_weight_and_requests(site):
    assert list(site.rglob("*.woff*")) == []
    files = {page: {page, *loaded(page)} for page in site.glob("*/*.html")}
    weights = {page: sum(map(compressed, all_of_it)) for page, all_of_it in files.items()}
    heaviest = max(weights, key=lambda page: weights[page])
    assert weights[heaviest] < HEAVIEST, f"{heaviest}: {weights[heaviest] // 1024} KB"
    most = max(files, key=lambda page: len(files[page]))
    # The site's sign, and a picture in the first window.
    assert len(files[most]) + 2 <= MOST_REQUESTS, f"{most}: {sorted(path.name for path in files[most])}"


def test_no_script_stands_before_the_first_paint(site):
    for page in site.glob("*/*.html"):
        blocking = re.findall(
            r'<script(?![^>]*(?:\bdefer\b|\basync\b|type="module"))[^>]*\bsrc=', page.read_text("utf-8")
        )
        assert blocking == [], page


def test_every_picture_has_words(site):
    for page in site.glob("*/*.html"):
        for image in BeautifulSoup(page.read_text("utf-8"), "html.parser").select("article img"):
            assert len(str(image.get("alt", ""))) > 5, f"{page}: {image}"
            assert not str(image["alt"]).startswith(("../", "_images")), f"{page}: {image}"


def interface(page: Path) -> set[str]:
    """Texts and labels around the article, as the theme and the templates wrote them."""
    parsed = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for node in parsed.select(
        "article, script, style, noscript, .onlyprint, [hreflang], .bd-toc-nav code, .section-nav code"
    ):
        node.decompose()
    texts = {str(t).strip() for t in present(parsed.body).find_all(string=True) if not isinstance(t, Comment)}
    names = ("title", "aria-label", "placeholder", "alt")
    return texts | {
        str(node[name])
        for node in present(parsed.body).select("[title], [aria-label], [placeholder]")
        for name in names
        if node.get(name)
    }


def test_chinese_pages_have_no_untranslated_interface_string(site):
    for page in (site / "zh").glob("*.html"):
        foreign = [
            t for t in interface(page) if re.search(r"[A-Za-z]{2}", t) and not HAN.search(t) and not NAMES.fullmatch(t)
        ]
        assert foreign == [], page


def test_an_untranslated_string_would_be_noticed(tmp_path):
    (tmp_path / "a.html").write_text('<body><a title="Open issue">Suggest edit</a><article>Text here</article></body>')
    assert interface(tmp_path / "a.html") - {""} == {"Open issue", "Suggest edit"}
    assert set(PHRASES) >= {"Open issue", "Suggest edit"}
    assert not NAMES.fullmatch("Suggest edit")
