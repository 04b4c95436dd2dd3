"""``nbgrader zip_collect``: the times of notebooks in archives and of files, and which of them are times of handing in."""

import os
import tarfile
import time

import pytest
from collecting import ZONES, at, info, line, utc
from packed import Raw, entry, extended, ntfs, raw_zip, tarred, zipped

DAY, HOUR = 86_400, 3_600


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    """The clock of this machine stands in a zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_a_zips_time_is_the_local_clocks(course):
    place = course.put({"round1.zip": zipped({info("li_toy.ipynb", 2024, 5, 17, 10): "old"}), "li_toy.ipynb": "new"})
    os.utime(place / "li_toy.ipynb", (at(2024, 5, 17, 13),) * 2)
    said = course.collect()
    assert course.notebooks() == {"li": "new"}
    assert "li_toy.ipynb: newer by 3 h" in line(said, "round1.zip")
    assert time.strftime("2024-05-17 13:00:00 %z", time.localtime(at(2024, 5, 17, 13))) in line(
        said, "  li  li_toy.ipynb"
    )


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("field", [extended, ntfs], ids=["extended timestamp", "NTFS"])
def test_a_time_in_utc_in_a_zip_goes_before_the_local_one(course, field):
    when = 1_715_950_800  # 2024-05-17 13:00 UTC
    early = Raw(b"a/li_toy.ipynb", b"new", date=(2020 - 1980) << 9 | 33, extra=b"\x99\x99\x00\x00" + field(when))
    late = Raw(b"b/li_toy.ipynb", b"old", date=(2030 - 1980) << 9 | 33, extra=field(when - 2 * HOUR))
    course.put({"all.zip": raw_zip(early, late)})
    said = course.collect()
    assert course.notebooks() == {"li": "new"}
    assert "newer by 2 h" in line(said, "b/li_toy")
    assert course.times() == {"li": "2024-05-17 13:00:00"}


@pytest.mark.usefixtures("zone")
def test_a_tars_time_is_utc(course):
    when = at(2024, 5, 17, 12)
    course.put({"a.zip": zipped({info("li_toy.ipynb", 2024, 5, 17, 11, 59): "zip"}),
                "b.tar": tarred((entry("li_toy.ipynb", mtime=when), b"tar"), (entry("bo_toy.ipynb", mtime=when - DAY), b"bo"), mode="w")})  # fmt: skip
    course.collect()
    assert course.notebooks() == {"li": "tar", "bo": "bo"}
    assert course.times() == {"li": utc(when), "bo": utc(when - DAY)}


@pytest.mark.parametrize(
    ("date", "clock"),
    [(0, 0), (33, 0), (0xFFFF, 0xFFFF), ((2024 - 1980) << 9 | 17, 0), ((2024 - 1980) << 9 | 2 << 5 | 30, 0)],
)
def test_an_empty_or_impossible_dos_date_is_no_time(course, date, clock):
    place = course.put({"round1.zip": raw_zip(Raw(b"li_toy.ipynb", b"1", date=date, clock=clock)),
                        "round2.zip": raw_zip(Raw(b"li_toy.ipynb", b"2", date=date, clock=clock),
                                              Raw(b"b/li_toy.ipynb", b"3", date=date, clock=clock))})  # fmt: skip
    os.utime(place / "round1.zip", (at(2024, 5, 17, 10),) * 2)
    os.utime(place / "round2.zip", (at(2024, 5, 17, 11),) * 2)
    said = course.collect()
    assert course.notebooks() == {"li": "3"}
    assert "newer by 1 h" in line(said, "round1.zip")
    assert "same time: the later in order" in line(said, "  li  round2.zip: li_toy")
    assert "no time in the archive: the archive's own counts" in line(said, "  li  round2.zip: b/li_toy.ipynb  2")
    assert course.times() == {}


@pytest.mark.parametrize("when", ["nan", "inf", "-1e300", "1e300", "-5", "0", "x"])
def test_a_time_in_a_tar_that_is_none_is_no_time(course, when):
    member = entry("li_toy.ipynb")
    member.pax_headers = {"mtime": when}
    course.put({"all.tar.gz": tarred((member, b"x"), format=tarfile.PAX_FORMAT)})
    assert "no time in the archive" in course.collect()
    assert course.notebooks() == {"li": "x"}


def test_times_of_packing_and_of_saving_are_no_times_of_handing_in(course):
    hour = {info(f"{name}_toy.ipynb", 2024, 5, 17, 10, minute): name for name, minute in (("ada", 0), ("bo", 59))}
    days = {info(f"{name}_toy.ipynb", 2024, 5, day, 10): name for name, day in (("cy", 1), ("dee", 2))}
    future = {info("eve_toy.ipynb", 2099, 1, 1): "eve"}
    course.put({"packed_now.zip": zipped(hour), "kept.zip": zipped(days | future), "fay_toy.ipynb": "fay",
                "gil_toy.zip": zipped({info("toy.ipynb", 2024, 1, 1): "1", info("b/toy.ipynb", 2023, 1, 1): "2"})})  # fmt: skip
    said = course.collect()
    assert course.times() == {"cy": utc(at(2024, 5, 1, 10)), "dee": utc(at(2024, 5, 2, 10))}
    assert course.notebooks()["gil"] == "1"
    assert "its time lies in the future" in line(said, "eve_toy")


def test_the_time_an_instructor_wrote_stays_with_the_notebook_it_was_written_for(course):
    place = course.put({"ada_toy.ipynb": "same", "bo_toy.ipynb": "old"})
    course.collect()
    for student in ("ada", "bo"):
        (course.folder / "submitted" / student / "toy" / "timestamp.txt").write_text("2024-05-17T12:00+08:00\n")
    (place / "bo_toy.ipynb").write_text("new")
    course.collect("--force")
    assert course.notebooks() == {"ada": "same", "bo": "new"}
    assert course.times() == {"ada": "2024-05-17 04:00:00"}
