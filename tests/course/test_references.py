"""The list of references is marked and sorted as the text cites."""

import pytest
import yaml
from pybtex.database import Entry, Person, parse_file

from mlc_course.root import course_root
from mlc_course.site.sphinx.references import STYLE, AuthorYearStyle, author_year

ROOT = course_root()


def work(*authors: str, year: str | None = "2018") -> Entry:
    entry = Entry("misc", fields={"year": year} if year else {}, persons={"author": [Person(name) for name in authors]})
    entry.key = "work"
    return entry


def test_a_mark_names_one_or_two_authors_and_from_three_on_the_first():
    assert author_year(work("{NVIDIA}", year="2024")) == "NVIDIA, 2024"
    assert author_year(work("Goto, Kazushige", "van de Geijn, Robert")) == "Goto and van de Geijn, 2018"
    assert author_year(work("Chen, Tianqi", "Moreau, Thierry", "Jiang, Ziheng")) == "Chen et al., 2018"
    assert author_year(work("Abadi, Martín", "others")) == "Abadi et al., 2018"


def test_a_work_without_a_year_has_no_date_and_one_without_an_author_is_refused():
    assert author_year(work("{ONNX Project Contributors}", year=None)) == "ONNX Project Contributors, n.d."
    with pytest.raises(ValueError, match=r"references\.bib, work: needs an author"):
        author_year(work())


def test_the_list_is_sorted_by_author_and_no_two_marks_are_the_same():
    works = parse_file(str(ROOT / "chapters" / "references.bib"))
    listed = [entry.label for entry in AuthorYearStyle().format_bibliography(works)]
    assert len(listed) == len(works.entries) == len(set(listed))
    first = ["".join(char for char in label.lower() if char.isascii()).split(",")[0] for label in listed]
    first = [name.split(" and ")[0].removesuffix(" et al.") for name in first]
    assert first == sorted(first)
    assert "Chen and Guestrin, 2016" in listed


def test_text_and_list_use_the_same_style():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    assert config["bibtex_reference_style"] == "author_year"
    assert config["bibtex_default_style"] == STYLE
