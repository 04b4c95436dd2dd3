"""The search: its sections, its data, and whether it finds what a learner wants."""

import csv
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.root import course_root
from mlc_course.site.search.index import SEARCH_DATA, join_languages, names_of, read_synonyms, search_data
from mlc_course.site.search.sections import sections_of
from mlc_course.site.sphinx.glossary import Term
from mlc_ref.language import Text

HERE = Path(__file__).parent
PAGE = """
<nav>Menu of the page</nav><article><section id="a"><h1>First<a class="headerlink">#</a></h1><p>One <a class="mlc-term"
data-other="二" href="glossary.html#term-x">term</a>.</p><section id="a-b"><span id="old"></span><h2>Second</h2><p>Two</p>
<div class="cell"><div class="cell_input"><pre>x = cache_read()</pre></div><div class="cell_output"><pre>9</pre></div></div>
<details><summary>Answer</summary>Secret</details></section><p>After</p></section></article><footer>Foot</footer>
"""


def test_a_section_has_its_own_words_only_and_no_menu_result_or_later_section():
    first, second = sections_of("page", PAGE)
    assert (first.anchor, first.title, first.text, first.level) == ("a", "First", "One term. After", 1)
    assert first.terms == "term 二"
    assert (second.anchor, second.title, second.code, second.level) == ("a-b", "Second", "x = cache_read()", 2)
    assert second.text == "Two Answer Secret"


@pytest.mark.parametrize("page", ["exercises_gpu", "chapters/en/exercises_gpu"])
def test_what_folds_on_a_page_of_exercises_is_not_searched(page):
    assert "Secret" not in str(sections_of(page, PAGE))


def test_an_entry_of_the_glossary_is_a_section():
    html = """<article><section id="glossary"><h1>Glossary</h1><dl class="course-glossary"><dt id="term-warp"><strong>warp
    </strong>  <span class="other-language">线程束</span></dt><dd><p>32 threads.</p></dd></dl></section></article>"""
    page, term = sections_of("glossary", html)
    assert page.text == ""
    assert (term.anchor, term.title, term.text, term.terms) == ("term-warp", "warp", "32 threads.", "线程束")


@pytest.mark.parametrize(("english", "chinese", "names"), [
    ("warp", "线程束", (["warp"], ["线程束"])),
    ("compute at / reverse compute at", "前移 / 后移", (["compute at", "reverse compute at"], ["前移", "后移"])),
    ("virtual machine (VM)", "虚拟机", (["virtual machine", "VM"], ["虚拟机"])),
    ("fuse (loops)", "合并（循环）", (["fuse"], ["合并"])),
    ("lowering", "下降（降级）", (["lowering"], ["下降", "降级"])),
])  # fmt: skip
def test_a_term_is_found_by_each_of_its_names_and_not_by_a_remark(english, chinese, names):
    assert names_of(Term(Text(english, chinese), Text("-", "-"))) == names


def test_a_word_is_a_synonym_in_one_group_only():
    groups = read_synonyms()
    assert all(len(group) > 1 for group in groups)
    assert [word for word, times in Counter(word for group in groups for word in group).items() if times > 1] == []


def test_each_language_s_headings_are_found_by_the_other_s(tmp_path):
    for language, title in (("en", "Shared memory"), ("zh", "共享内存")):
        html = f'<article><section id="gpu-x"><h2>{title}</h2></section></article>'
        data = search_data([("gpu", html)], tmp_path / "no-glossary.csv")
        (tmp_path / language).mkdir()
        (tmp_path / language / SEARCH_DATA).write_text(json.dumps(data), "utf-8")
    join_languages([tmp_path / "en", tmp_path / "zh", tmp_path / "not-built"])
    others = [
        json.loads((tmp_path / code / SEARCH_DATA).read_text("utf-8"))["sections"][0]["other"]
        for code in SITE_LANGUAGES
    ]
    assert others == ["共享内存", "Shared memory"]
    before = (tmp_path / "zh" / SEARCH_DATA).read_bytes()
    join_languages([tmp_path / "en", tmp_path / "zh"])
    assert (tmp_path / "zh" / SEARCH_DATA).read_bytes() == before


@pytest.mark.slow
def test_the_data_of_a_built_site_hold_every_page_and_no_secret_and_sphinx_s_index_is_gone(built):
    for code in SITE_LANGUAGES:
        folder = built / "_site" / code
        pages = {section["page"] for section in json.loads((folder / SEARCH_DATA).read_text("utf-8"))["sections"]}
        assert pages == {path.stem for path in folder.glob("*.html")} - {"search"}
        assert not any((folder / name).exists() for name in ("searchindex.js", "_static/searchtools.js"))
        assert "searchindex" not in (folder / "introduction.html").read_text("utf-8")


def ask(site, queries):
    """Addresses found for (language, query) pairs by the engine that runs in the reader's browser."""
    command = ["node", HERE / "search_queries.mjs", site]
    done = subprocess.run(command, input=json.dumps(queries), capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


needs_node = pytest.mark.skipif(not shutil.which("node") and not os.environ.get("CI"), reason="node is not installed")


@needs_node
@pytest.mark.slow
def test_the_search_finds_the_section_a_learner_wants(site):
    """First in nine of ten queries at least, among the first three in all."""
    with (HERE / "search_queries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 60
    found = ask(site, [[row["site"], row["query"]] for row in rows])
    wanted = [row["sections"].split() for row in rows]
    ranks = [next((i for i, f in enumerate(each) if f in w), 99) for each, w in zip(found, wanted, strict=True)]
    told = {row["query"]: each[:3] for row, each, rank in zip(rows, found, ranks, strict=True) if rank > 0}
    assert not any(rank > 2 for rank in ranks), told
    assert ranks.count(0) >= 0.9 * len(rows), told


@needs_node
@pytest.mark.slow
def test_queries_about_nothing_in_the_course_find_nothing(site):
    assert ask(site, [["zh", "红烧排骨"], ["en", "xylophone"], ["en", ""]]) == [[], [], []]


def test_wanted_sections_of_the_queries_are_published_addresses():
    with (HERE / "search_queries.csv").open(encoding="utf-8", newline="") as file:
        wanted = {address for row in csv.DictReader(file) for address in row["sections"].split()}
    published = (course_root() / "chapters" / "addresses.txt").read_text("utf-8")
    assert [w for w in sorted(wanted) if "#term-" not in w and w.partition("#")[2] not in published] == []
