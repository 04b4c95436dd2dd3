"""``nbgrader zip_collect`` with an instructor's own options: names by a pattern, a collector, folders, nbgrader's extractor."""

import gzip
import os
import re
from pathlib import Path

import pytest
from collecting import at, info, line, utc
from packed import zipped
from present import present


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_named_regexp_of_the_instructors_page_is_applied_to_what_was_downloaded(course, lang):
    page = (Path(__file__).parents[2] / "chapters" / lang / "instructors.md").read_text("utf-8")
    course.configure(present(re.search(r"^c\.FileNameCollectorPlugin\.named_regexp = .*\n", page, re.MULTILINE))[0])
    course.put({"all.zip": zipped({"x/hw_ada_attempt_2024-05-17-12-00-00_toy.ipynb": "new", "hw_ada_attempt_2024-05-16-12-00-00_toy.ipynb": "old",
                                   "ada_toy.ipynb": "ours"}),
                "hw_bo_attempt_2024-05-18-08-30-00_toy.IPYNB": "bo", "hw_..x_attempt_2024-05-17_toy.ipynb": "no",
                "hw_cy_attempt_9999-99-99_toy.ipynb": "cy",
                "hw_mal_attempt_2024-05-17_toy.zip": zipped(
                    {"hw_bo_attempt_2024-06-17_toy.ipynb": "forged", "hw_mal_attempt_2024-05-17_toy.ipynb": "mal"})})  # fmt: skip
    said = course.collect()
    assert course.notebooks() == {"ada": "new", "bo": "bo", "mal": "mal"}
    assert course.times() == {"ada": "2024-05-17 12:00:00", "bo": "2024-05-18 08:30:00", "mal": "2024-05-17 00:00:00"}
    for name, why in (("hw_ada_attempt_2024-05-16", "newer by 1 d"), ("ada_toy.ipynb ", "finds no student"), ("hw_..x", "begins with"),
                      ("hw_cy", "no time: 9999-99-99"), ("o_attempt_2024-06-17", "by its name bo's")):  # fmt: skip
        assert why in line(said, name)
    assert (course.folder / "downloaded/toy/extracted/all/x/hw_ada_attempt_2024-05-17-12-00-00_toy.ipynb").is_file()


def test_a_named_regexp_that_fits_an_archive_of_the_class_opens_it_all_the_same(course):
    course.configure('c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>\\w+)_(?P<file_id>\\w+)\\.ipynb$"\n')
    course.put({"hw_round1.zip": zipped({"ada_toy.ipynb": "ada", "bo_extra.ipynb": "bo"})})
    said = course.collect()
    assert course.notebooks() == {"ada": "ada"}
    assert course.taken()["bo/toy/extra.ipynb"] == "bo"
    assert "the assignment has no notebook extra.ipynb" in line(said, "bo_extra")


def test_strict_passes_over_notebooks_of_other_names(course):
    course.configure('c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>\\w+)_(?P<file_id>\\w+)\\.ipynb$"\n')
    course.put({"ada_toy.ipynb": "ada", "bo_extra.ipynb": "bo"})
    said = course.collect("--strict")
    assert set(course.taken()) == {"ada/toy/toy.ipynb"}
    assert "has no notebook extra.ipynb (--strict)" in line(said, "bo_extra")


def test_an_instructors_own_collector_is_asked(course):
    (course.folder / "mycollector.py").write_text(
        "from nbgrader.plugins import FileNameCollectorPlugin\n"
        "class Mine(FileNameCollectorPlugin):\n"
        "    def collect(self, path):\n"
        "        name = path.rsplit('/', 1)[-1]\n"
        "        return {'student_id': name[0] * 3, 'file_id': 'toy'} if name[0] in 'ab' else None\n"
    )
    course.put({"class.zip": zipped({"a.ipynb": "a", "sub/b.ipynb": "b", "c.ipynb": "c"}), "a2.ipynb": "a2"})
    os.utime(course.folder / "downloaded/toy/archive/a2.ipynb", (1e9, 1e9))
    said = course.collect("--collector=mycollector.Mine")
    assert course.notebooks() == {"aaa": "a", "bbb": "b"}
    assert "finds no student" in line(said, "class.zip: c.ipynb")
    assert "newer by" in line(said, "a2.ipynb")


def test_nbgraders_own_extractor_can_be_put_back(course):
    course.configure('c.ZipCollectApp.extractor_plugin = "nbgrader.plugins.ExtractorPlugin"\n')
    course.put({"all.zip": zipped({"ada_toy.ipynb": "ada"}), "bo_toy.ipynb": "bo", "x.ipynb": "x"})
    course.collect()
    assert course.notebooks() == {"ada": "ada", "bo": "bo"}


def test_other_options_of_zip_collect_hold(course):
    course.configure(
        'c.ZipCollectApp.archive_directory = "in"\nc.ZipCollectApp.extracted_directory = "out"\n'
        'c.ZipCollectApp.downloaded_directory = "./down"\nc.ExtractorPlugin.zip_ext = [".zip"]\n'
    )
    place = course.folder / "down" / "toy" / "in"
    place.mkdir(parents=True)
    (place / "ada_toy.zip").write_bytes(zipped({"toy.ipynb": "ada"}))
    (place / "bo_toy.ipynb.gz").write_bytes(gzip.compress(b"bo"))
    days = {info("cy_toy.ipynb", 2024, 5, 1): "cy", info("dee_toy.ipynb", 2024, 5, 2): "dee"}
    (place / "all.zip").write_bytes(zipped(days | {"Eve_4_assignsubmission_file_/toy.gz": gzip.compress(b"eve")}))
    said = course.collect()
    assert course.notebooks() == {"ada": "ada", "cy": "cy", "dee": "dee"}
    assert course.times() == {"cy": utc(at(2024, 5, 1)), "dee": utc(at(2024, 5, 2))}
    assert (course.folder / "down" / "toy" / "out" / "ada_toy.ipynb").is_file()
    assert said.count("zip_ext leaves archives with this ending closed") == 2


def test_an_instructor_can_have_no_times_written(course):
    course.configure("c.BoundedExtractor.write_times = False\n")
    course.put({"kept.zip": zipped({info("cy_toy.ipynb", 2024, 5, 1): "cy", info("dee_toy.ipynb", 2024, 5, 2): "dee"})})
    course.collect()
    assert course.times() == {}


def test_an_instructors_own_assignment_is_collected_under_its_notebooks_names(course):
    release = course.folder / "release" / "hw"
    release.mkdir()
    for name in ("part1", "part2"):
        (release / f"{name}.ipynb").write_text("{}")
    course.put({"ada_part1.ipynb": "1", "all.zip": zipped({"ada_part2.ipynb": "2", "bo_toy.ipynb": "bo"})}, "hw")
    said = course.collect(assignment="hw")
    assert course.taken() == {"ada/hw/part1.ipynb": "1", "ada/hw/part2.ipynb": "2"}
    assert "a notebook of toy, not of part1" in line(said, "bo_toy")
