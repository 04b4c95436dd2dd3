"""What a listing shows and what it calls: the base of the rule that a page shows what its listings call."""

import pytest

from mlc_course.authoring.lint.listings import GENERAL
from mlc_course.content.listings import called, definitions, explained, listings
from mlc_course.content.pages import Page, read_page
from mlc_course.root import course_root, pages
from mlc_ref.language import LANGUAGES

FILES = {
    "__init__.py": "",
    "helpers.py": "LIMIT = 3\n\n\ndef guard(x):\n    return x\n\n\ndef step(x):\n    return x\n\n\nclass Sizes:\n    pass\n",
    "again.py": "from mlc_ref.helpers import guard as kept\n",
    "shown.py": '''
from typing import Any

from mlc_ref import helpers
from mlc_ref.again import kept
from mlc_ref.helpers import LIMIT, Sizes, guard, step


@guard
def whole(x: Sizes) -> Any:
    """Says `step`."""
    inner(LIMIT)
    return part(x)


def part(x):
    if x:
        return helpers.step(x)
        # end
    return map(step, [kept(x), Sizes()])


def inner(x):
    return x.step(len(x))
''',
}


@pytest.fixture
def course(tmp_path):
    package = tmp_path / "src" / "mlc_ref"
    package.mkdir(parents=True)
    for name, text in FILES.items():
        (package / name).write_text(text, "utf-8")
    (tmp_path / "chapters" / "en").mkdir(parents=True)
    return tmp_path


def only_listing(course, options):
    text = f":::{{dropdown}} Code\n```{{literalinclude}} ../../src/mlc_ref/shown.py\n{options}\n```\n:::\n"
    page = Page(course / "chapters" / "en" / "p.md", text)
    (listing,) = listings(page, course)
    assert listing.line == 2
    return listing


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (":pyobject: whole", {"helpers.guard", "shown.inner", "shown.part"}),
        (":pyobject: part", {"helpers.step", "helpers.guard", "helpers.Sizes"}),
        (":pyobject: inner", set()),
        (":start-at: return helpers\n:end-before: return map", {"helpers.step"}),
        (":start-at: return helpers\n:end-at: return map", {"helpers.step"}),  # begins deeper than it ends
    ],
)
def test_what_a_listing_calls_or_hands_on_is_found_where_it_is_defined(course, options, names):
    assert called(only_listing(course, options), course) == {f"mlc_ref.{name}" for name in names}


def test_a_listing_shows_what_it_defines_and_what_it_is_a_part_of(course):
    assert definitions(only_listing(course, ":start-at: def part")) == {"mlc_ref.shown.part", "mlc_ref.shown.inner"}
    assert definitions(only_listing(course, ":pyobject: part\n:start-at: if x")) == {"mlc_ref.shown.part"}


def test_code_in_the_text_of_a_link_is_explained_and_other_code_is_not(course):
    page = Page(course / "p.md", "[`one`](#a), [the `two(x)` above](b.md), `three`\n\n```text\n[`four`](#d)\n```\n")
    assert explained(page) == {"one", "two", "x"}


def test_every_general_helper_is_called_by_a_listing_of_the_course():
    root = course_root()
    shown = [part for name in pages(root) for lang in LANGUAGES for part in listings(read_page(name, lang, root), root)]
    assert set(GENERAL) <= {name for part in shown for name in called(part, root)}
