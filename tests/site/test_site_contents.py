"""The contents: one `_toc.yml` in English names serves every language."""

import pytest
import yaml

from mlc_course.content.errors import SiteError
from mlc_course.root import course_root
from mlc_course.site.build.contents import CAPTIONS, contents_for, write_contents

TOC = {
    "format": "jb-book",
    "root": "chapters/en/index",
    "parts": [{"caption": "Foundations", "chapters": [{"file": "chapters/en/introduction", "title": "Start"}]}],
}


def test_pages_lose_their_folder_and_captions_stay_in_english():
    assert contents_for(TOC, "en") == {
        "format": "jb-book",
        "root": "index",
        "parts": [{"caption": "Foundations", "chapters": [{"file": "introduction", "title": "Start"}]}],
    }


def test_captions_are_translated_for_chinese_and_pages_keep_their_names():
    part = contents_for(TOC, "zh")["parts"][0]
    assert part["caption"] == CAPTIONS["Foundations"] == "基础"
    assert part["chapters"][0]["file"] == "introduction"


def test_a_caption_without_a_chinese_name_says_where_to_add_it():
    toc = {**TOC, "parts": [{"caption": "Cooking", "chapters": []}]}
    assert contents_for(toc, "en")["parts"][0]["caption"] == "Cooking"
    with pytest.raises(SiteError, match=r"'Cooking' has no Chinese name.*contents\.py"):
        contents_for(toc, "zh")


@pytest.mark.parametrize("entry", ["introduction", "chapters/zh/introduction", "en/introduction"])
def test_an_entry_outside_the_english_folder_is_refused(entry):
    with pytest.raises(SiteError, match=rf"'{entry}' must name an English page"):
        contents_for({**TOC, "root": entry}, "en")


def _tree(folder, *pages):
    (folder / "_toc.yml").write_text(yaml.safe_dump(TOC))
    for page in pages:
        (folder / "chapters" / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / "chapters" / page).write_text("# A page\n")
    return folder


def test_unchanged_contents_are_not_written_again(tmp_path):
    root, target = _tree(tmp_path), tmp_path / "out" / "_toc.yml"
    write_contents(root, "zh", target)
    before = target.stat().st_mtime_ns
    write_contents(root, "zh", target)
    assert target.stat().st_mtime_ns == before
    assert yaml.safe_load(target.read_text("utf-8")) == contents_for(TOC, "zh")


def test_the_course_has_every_caption_in_chinese():
    contents_for(yaml.safe_load((course_root() / "_toc.yml").read_text("utf-8")), "zh")
