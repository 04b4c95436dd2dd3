"""``nbgrader zip_collect``: every notebook under its student's name, the right one of several, and a table that says so."""

import gzip
import os
import re
import subprocess
import zipfile

import pytest
from collecting import info, line
from packed import Raw, entry, raw_zip, tarred, zipped

from mlc_course.grading.collecting.handins import Row
from mlc_course.grading.collecting.table import table, width
from mlc_course.grading.vetting.file_times import Moment
from mlc_course.grading.vetting.notebook import MAX_FILE


def test_notebooks_alone_in_archives_and_in_archives_within_come_out_under_their_students_names(course):
    inner = zipped({"toy.ipynb": "cy", "notes.txt": "no notebook"})
    course.put({"ada_toy.ipynb": "ada", "all.zip": zipped({"bo/bo_toy.ipynb": "bo", "cy_toy.zip": inner, "list.csv": "bo,cy"}),
                "dee_toy.tar.gz": tarred((entry("work/dee_toy.ipynb"), b"dee")), "eve_toy.ipynb.gz": gzip.compress(b"eve"),
                "fay_toy.zip": zipped({"a/b/toy.ipynb": "fay"}), "sub/gil_toy.ipynb": "gil"})  # fmt: skip
    said = course.collect()
    assert course.notebooks() == {name: name for name in ("ada", "bo", "cy", "dee", "eve", "fay", "gil")}
    assert said.startswith("toy: 7 taken, 0 replaced, 0 passed over, 0 not handed in\n")
    assert "2 other files, neither notebooks nor archives: list.csv, notes.txt" in said
    extracted = course.folder / "downloaded" / "toy" / "extracted"
    assert sorted(path.name for path in extracted.iterdir()) == [f"{n}_toy.ipynb" for n in sorted(course.notebooks())]


def test_a_students_archive_hands_in_nothing_in_the_name_of_another(course):
    forged = {"bo_toy.ipynb": "forged", "bo_toy.zip": zipped({"toy.ipynb": "forged"}), "toy.ipynb": "own"}
    course.put({"mal_toy.zip": zipped(forged), "bo_toy.ipynb": "bo", ".._toy.zip": zipped({"bo_toy.ipynb": "forged"})})
    said = course.collect()
    assert course.notebooks() == {"bo": "bo", "mal": "own"}
    assert "an archive in a student's archive" in line(said, "mal_toy.zip: bo_toy.zip")
    assert "bears the assignment's name" in line(said, "mal_toy.zip: bo_toy.ipynb")
    assert "begins with a letter" in line(said, ".._toy.zip")


def test_in_a_platforms_folder_everything_is_that_students(course):
    hand_in = zipped({"toy.ipynb": "zipped"})
    course.put({"moodle.zip": zipped({"Li Wei_101_assignsubmission_file_/x.ipynb": "li", "Mal_9_assignsubmission_file_/bo_toy.ipynb": "mal",
                                      "Cy_3_assignsubmission_file_/work.zip": hand_in,
                                      "Eve_4_assignsubmission_file_/a.ipynb": "1", "Eve_4_assignsubmission_file_/b.ipynb": "2"}),
                "canvas.zip": zipped({"one_201_9001_toy.ipynb": "old", "one_201_9002_toy-1.ipynb": "new",
                                      "two_LATE_202_9003_hw.ipynb": "two"}),
                "rar.zip": zipped({"Fay_6_assignsubmission_file_/work.rar": "Rar!", "gil_toy.7z": "7z", "Hal_8_assignsubmission_file_/plot.png": "png"}),
                "Dee_5_assignsubmission_file_/toy.ipynb": "dee"})  # fmt: skip
    said = course.collect()
    assert course.notebooks() == {
        "Li Wei": "li",
        "Mal": "mal",
        "Cy": "zipped",
        "one": "new",
        "two": "two",
        "Dee": "dee",
    }
    assert "2 notebooks, none of them called toy.ipynb" in line(said, "Eve_4_assignsubmission_file_/a.ipynb")
    assert "same time: the later attempt number" in line(said, "one_201_9001")
    assert "Canvas marks it as late" in line(said, "two_LATE")
    assert said.count("archives of this kind cannot be read; unpack it") == 2
    assert "1 other files, neither notebooks nor archives: plot.png" in said
    assert "called x.ipynb" in line(said, "Li Wei_101")
    assert course.times() == {}


def test_two_people_of_one_name_are_not_made_one(course):
    course.put({"moodle.zip": zipped({f"Li Wei_{n}_assignsubmission_file_/toy.ipynb": str(n) for n in (101, 102)} | {"bo_toy.ipynb": "bo"}),
                "canvas.zip": zipped({f"cs_01_2024000{n}_toy.ipynb": str(n) for n in (1, 2)})})  # fmt: skip
    said = course.collect()
    assert course.notebooks() == {"bo": "bo"}
    assert said.count("2 people are called so (101, 102)") == 2
    assert said.count("put the class into the gradebook first") == 2


def test_at_one_time_the_later_attempt_is_taken(course):
    names = [
        "li_toy.ipynb",
        "li_toy (2).ipynb",
        "li_toy(1).ipynb",
        "li_toy - Copy.ipynb",
        "bo_toy (1).IPYNB",
        "bo_toy.ipynb",
    ]
    course.put({"all.zip": zipped({info(name, 2024, 5, 17, 10): name for name in names})})
    said = course.collect()
    assert course.notebooks() == {"li": "li_toy (2).ipynb", "bo": "bo_toy (1).IPYNB"}
    assert said.count("same time: the later attempt number") == 4


def test_of_a_students_archives_the_one_of_the_later_attempt_is_taken_whatever_lies_in_it(course):
    course.put({"all.zip": zipped({info("li_toy (1).zip", 2024, 5, 17): zipped({"toy.ipynb": "second"}),
                                   info("li_toy.zip", 2024, 5, 17): zipped({"toy (9).ipynb": "first"})})})  # fmt: skip
    course.collect()
    assert course.notebooks() == {"li": "second"}


def test_without_force_nothing_is_collected_where_a_submission_is_already(course, caplog):
    course.put({"ada_toy.ipynb": "ada", "bo_toy.ipynb": "new"})
    there = course.folder / "submitted" / "bo" / "toy" / "toy.ipynb"
    there.parent.mkdir(parents=True)
    there.write_text("old")
    with pytest.raises(SystemExit):
        course.collect()
    assert course.notebooks() == {"bo": "old"}
    course.collect("--force")
    assert course.notebooks() == {"ada": "ada", "bo": "new"}


def test_who_handed_nothing_in_and_who_is_new_stand_in_the_table(course):
    course.enter("ada", "bo", "cy")
    there = course.folder / "submitted" / "cy" / "toy" / "toy.ipynb"
    there.parent.mkdir(parents=True)
    there.write_text("from the exchange")
    course.put({"ada_toy.ipynb": "ada", "adda_toy.ipynb": "adda"})
    said = course.collect()
    assert said.endswith("\nnot handed in:\n  bo\n")
    assert "not in the gradebook" in line(said, "  adda")
    assert "not in the gradebook" not in line(said, "  ada ")


def test_a_gradebook_that_cannot_be_read_costs_the_names_alone(course):
    (course.folder / "gradebook.db").write_bytes(b"no database" * 100)
    course.put({"ada_toy.ipynb": "ada"})
    assert course.collect().startswith("toy: 1 taken, 0 replaced, 0 passed over, 0 not handed in")


def test_a_broken_archive_or_member_costs_no_other_its_place(course):
    inside = raw_zip(Raw(b"hal_toy.ipynb", b"hal"), Raw(b"ivy_toy.ipynb", crc=1), Raw(b"ivy_toy (1).ipynb", flags=1),
                     Raw(b"jo_toy.ipynb", method=99), Raw(b"x" * 300 + b"_toy.ipynb"), Raw(b"\xff\xff_toy.ipynb", flags=0x800))  # fmt: skip
    course.put({"ada_toy.zip": b"PK\x03\x04 nothing", "bo_toy.tar.gz": b"\x1f\x8b", "cy_toy.ipynb": "cy", "all.zip": inside,
                "dee_toy.zip": zipped({"other.txt": "x"}), "what.ipynb.txt": "?", "eve_toy.rar": "Rar!", "fay_toy.zip": b"Rar!1234",
                "gil_toy.zip": raw_zip(Raw(b"toy.ipynb", bytes(2**23)), Raw(b"b/toy.ipynb", b"gil"))})  # fmt: skip
    (course.folder / "downloaded" / "toy" / "archive" / "kim_toy.ipynb").symlink_to("/etc/hostname")
    os.mkfifo(course.folder / "downloaded" / "toy" / "archive" / "lee_toy.ipynb")
    said = course.collect()
    assert course.notebooks() == {"cy": "cy", "hal": "hal", "gil": "gil"}
    for name, why in (("ada_toy.zip", "not a zip"), ("bo_toy.tar.gz", "middle of a gzip stream"), ("ivy_toy.ipynb", "Bad CRC"),
                      ("ivy_toy (1)", "encrypted"), ("jo_toy", "method 99"), ("xxx", "310 bytes"), ("dee_toy.zip", "no toy.ipynb in it"),
                      ("eve_toy.rar", "cannot be read; unpack it"), ("fay_toy.zip", "rar archives"), ("gil_toy.zip: toy", "its size"),
                      ("kim_toy", "a link"), ("lee_toy", "a pipe")):  # fmt: skip
        assert why in line(said, name)
    assert "other files, neither notebooks nor archives: what.ipynb.txt" in said


def test_a_notebook_too_long_to_be_graded_is_taken_and_told(course):
    course.put({"ada_toy.ipynb": bytes(MAX_FILE + 5)})
    assert f"longer than {MAX_FILE} bytes, cannot be graded" in course.collect()
    assert (course.folder / "submitted" / "ada" / "toy" / "toy.ipynb").stat().st_size == MAX_FILE + 1


def test_folders_nested_without_end_end_nothing(course):
    deep = course.put({"ada_toy.ipynb": "ada"})
    descriptor = os.open(deep, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    try:
        said = course.collect()
    finally:
        subprocess.run(["rm", "-rf", deep / "d"], check=True)  # pytest's own clearing up recurses
    assert course.notebooks() == {"ada": "ada"}
    assert "folders nested more than 24 deep" in said


def test_a_folder_that_cannot_be_read_costs_itself(course, monkeypatch):
    course.put({"ada_toy.ipynb": "ada", "closed/bo_toy.ipynb": "bo"})
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    said = course.collect()
    assert course.notebooks() == {"ada": "ada"}
    assert "Permission denied" in line(said, " closed ")


def test_an_empty_folder_of_downloads_is_told(course):
    course.put({}).mkdir(parents=True)
    assert course.collect() == "toy: 0 taken, 0 replaced, 0 passed over, 0 not handed in\n"


def test_names_reach_the_table_without_characters_that_steer(course):
    name = "a\u202e\x1b[2Jb_toy.ipynb"
    course.put({"all.zip": zipped({name: "x", "y" + name: "y"}), name: "z"})
    said = course.collect()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", said)
    assert said.count(r"a\u202e\x1b[2Jb_toy.ipynb") == 3


def test_columns_of_a_table_stand_below_one_another_and_long_tables_are_cut():
    rows = [
        Row("taken", name, f"{name}_toy.ipynb", Moment(1.7e9, "file"), "x") for name in ("ada", "李雷雷", "नमस्ते", "é")
    ]
    lines = table("toy", rows).splitlines()[3:]
    assert len({width(line[: line.index("2023-")]) for line in lines}) == 1
    many = table("toy", [Row("passed over", f"s{n}", "x" * 5_000, None, "y" * 5_000) for n in range(5_000)], longest=7)
    assert "… and 4993 more passed over" in many
    assert len(many) < 8_000


def test_members_are_told_once_each(course):
    names = [f"{n}.ipynb" for n in range(5)] + ["ada_toy.ipynb", "b/ada_toy.ipynb", "x.zip", "..\\y.ipynb"]
    course.put({"all.zip": zipped({name: name for name in names}, zipfile.ZIP_STORED)})
    said = course.collect()
    counts = [int(number) for number in re.findall(r"\d+", said.splitlines()[0])]
    assert sum(counts) == len(names)
