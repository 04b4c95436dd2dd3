"""Headings in headless Chromium: every level is smaller than the one above it, and none is left out."""

import itertools

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADINGS = """() => [...document.querySelectorAll('article :is(h1, h2, h3, h4, h5, h6)')].map((heading) => [
  Number(heading.tagName[1]), parseFloat(getComputedStyle(heading).fontSize), getComputedStyle(heading).fontWeight])"""
PAGES = ("index", "gpu", "schedules", "instructors", "exercises_gpu")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_level_of_headings_is_smaller_than_the_one_above_and_none_is_left_out(visit, language, width):
    view = visit(width=width)
    for name in PAGES:
        headings = view.open(f"{language}/{name}.html").evaluate(HEADINGS)
        assert headings, name
        assert len({weight for _, _, weight in headings}) == 1, name
        sizes = {level: {size for other, size, _ in headings if other == level} for level, _, _ in headings}
        assert all(len(found) == 1 for found in sizes.values()), (name, sizes)
        ordered = [next(iter(sizes[level])) for level in sorted(sizes)]
        assert ordered == sorted(set(ordered), reverse=True), (name, sizes)
        levels = [level for level, _, _ in headings]
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (name, levels)
