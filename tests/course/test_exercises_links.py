"""Links from exercises to chapters lead to sections that exist, in the notebook's language."""

import re

import pytest

from mlc_course.content.pages import anchor_of
from mlc_course.content.settings import read_settings
from mlc_course.exercises.catalog import exercise_stems
from mlc_course.exercises.links import UnknownSection, resolve_links
from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.root import course_root

ROOT = course_root()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("stem", exercise_stems())
def test_every_set_links_to_its_chapter_and_no_link_is_left_unresolved(stem, lang):
    text = "\n".join(c.source for c in instructor_notebook(stem, lang).cells if c.cell_type == "markdown")
    assert "(chapter:" not in text
    assert re.search(rf"\]\({re.escape(read_settings(ROOT).site_url)}{lang}/{stem}\.html#{anchor_of(stem)}-", text)


def test_a_link_becomes_the_address_of_the_section_in_the_language():
    site = read_settings(ROOT).site_url
    assert resolve_links("See [x](chapter:introduction-elements).", "zh", ROOT) == (
        f"See [x]({site}zh/introduction.html#introduction-elements)."
    )


def test_a_link_to_a_section_that_does_not_exist_is_refused():
    with pytest.raises(UnknownSection, match="chapter:introduction-nothing: no page"):
        resolve_links("[x](chapter:introduction-nothing)", "en", ROOT)
