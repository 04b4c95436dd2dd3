"""Reading archives: their members come out, bombs and paths that lead elsewhere do not, and a bad one costs itself."""

import gzip
import io
import os
import re
import resource
import tarfile
import time
import unicodedata
import zipfile
import zlib

import pytest
from packed import Raw, entry, raw_zip, tar_header, tarred, zipped

from mlc_course.grading.vetting.archive_members import CLASS, STUDENT, ArchiveRefused, Bounds, Member
from mlc_course.grading.vetting.archives import members
from mlc_course.grading.vetting.notebook import MAX_FILE

GOOD = {"good.ipynb": b"y"}
TIGHT = Bounds(free=2**18, growth=10)


def everything(name: str, data: bytes, bounds: Bounds = STUDENT, wanted=lambda _: True) -> tuple[dict, dict]:
    """What was read, and what was not and why."""
    taken, passed = {}, {}
    for one in members(io.BytesIO(data), name, len(data), bounds, wanted):
        if isinstance(one, Member):
            taken["/".join((*one.folder, one.name))] = one.content
        else:
            passed[one.path] = one.why
    return taken, passed


def read(name: str, data: bytes, bounds: Bounds = STUDENT, wanted=lambda _: True) -> dict[str, bytes]:
    return everything(name, data, bounds, wanted)[0]


@pytest.mark.parametrize(
    "name",
    ["../bo_toy.ipynb", "/tmp/bo_toy.ipynb", "a/../../bo_toy.ipynb", "..\\bo_toy.ipynb", "C:\\bo_toy.ipynb", "a\nb/bo_toy.ipynb",
     "bo_toy.ipynb\x1b[2J", "a\u202eb/toy.ipynb", "\u2066toy.ipynb", "x" * 300 + ".ipynb", "\x85.ipynb", "//x/toy.ipynb"],
)  # fmt: skip
def test_paths_that_lead_out_of_an_archive_or_steer_a_terminal_are_passed_over(name):
    for kind, data in (
        ("x.zip", zipped({name: "x", "good.ipynb": "y"})),
        ("x.tar.gz", tarred((entry(name), b"x"), (entry("good.ipynb"), b"y"))),
    ):
        taken, passed = everything(kind, data)
        assert taken == GOOD
        assert len(passed) == 1


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.GNUTYPE_SPARSE]
)
def test_links_pipes_devices_and_files_with_holes_in_archives_are_passed_over(kind):
    data = tarred((entry("toy.ipynb", kind, "/etc/hostname"), b""), (entry("good.ipynb"), b"y"))
    assert everything("x.tar.gz", data) == (GOOD, {"toy.ipynb": "a link, a device or a file with holes"})
    link = zipfile.ZipInfo("toy.ipynb")
    link.external_attr = 0o120777 << 16
    assert everything("x.zip", zipped({link: "/etc/hostname", "good.ipynb": "y"})) == (
        GOOD,
        {"toy.ipynb": "a link or a device"},
    )


def test_a_sparse_file_in_pax_form_is_passed_over_and_what_follows_is_read():
    holes = entry("toy.ipynb")
    holes.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**40)}
    data = tarred((holes, b"1\n0\n0\n".ljust(512, b"\0")), (entry("good.ipynb"), b"y"), format=tarfile.PAX_FORMAT)
    assert everything("x.tgz", data) == (GOOD, {"toy.ipynb": "a link, a device or a file with holes"})


def test_folders_and_empty_names_are_nobodys():
    data = tarred((entry("toy.ipynb", tarfile.DIRTYPE), b""), (entry("good.ipynb"), b"y"))
    assert everything("x.tar.gz", data) == (GOOD, {})
    assert read("x.zip", zipped({"a": "x", "good.ipynb": "y", "d/": ""}).replace(b"a", b"\0")) == GOOD


BAD = {
    "wrong checksum": (Raw(b"toy.ipynb", crc=1), "Bad CRC-32"),
    "encrypted": (Raw(b"toy.ipynb", flags=1), "encrypted"),
    "LZMA": (Raw(b"toy.ipynb", method=14), "compression method 14; unpack it"),
    "bzip2, which unpacks a whole block at once": (Raw(b"toy.ipynb", method=12), "compression method 12"),
    "no deflated data": (Raw(b"toy.ipynb", data=b"\xff" * 40), "Error -3"),
    "a size larger than what there is": (
        Raw(b"toy.ipynb", method=0, content=b"x", packed=60, size=60),
        "shares|Bad CRC",
    ),
    "nothing where it should be": (Raw(b"toy.ipynb", start=2**30), "not where the archive's directory says"),
    "where another is": (Raw(b"toy.ipynb", start=0), "shares its bytes"),
    "a bomb": (Raw(b"toy.ipynb", content=bytes(5 * 2**20)), "unpacks to more than its size allows"),
    "a path of 5000 bytes": (Raw(b"a/" * 2500 + b"toy.ipynb"), "a path of 5009 bytes"),
    "UTF-8 that is none": (Raw(b"\xff\xfe\xfd/../toy.ipynb", flags=0x800), "leads out"),
    "a broken extra field": (Raw(b"../toy.ipynb", extra=b"\x01\x00\xff\xff\x00"), "leads out"),
}


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_member_of_a_zip_costs_that_member_alone(kind):
    bad, why = BAD[kind]
    good = Raw(b"good.ipynb", b"y")
    for order in ((bad, good), (good, bad)):
        first = Raw(b"pad.txt", b"pad")
        taken, passed = everything("x.zip", raw_zip(first, *order), wanted=lambda name: name.endswith("nb"))
        assert taken == GOOD, order
        assert len(passed) == 1, passed
        assert re.search(why, *passed.values())


def test_members_that_share_their_bytes_are_not_unpacked():
    """A few bytes that many members name: all of them in full, or each from its own header to the end."""
    kernel = Raw(b"a.ipynb", bytes(2**18), packed=2**18)
    same = [Raw(b"%d.ipynb" % n, bytes(2**18), start=0) for n in range(400)]
    nested = [Raw(b"n%d.ipynb" % n, b"x", packed=10_000) for n in range(50)]
    taken, passed = everything("x.zip", raw_zip(kernel, *same, *nested, Raw(b"good.ipynb", b"y"), Raw(b"end.txt")))
    assert taken == GOOD | {"end.txt": b"{}"}
    assert set(passed.values()) == {"it shares its bytes with another member"}
    assert len(passed) == 451


def test_of_two_members_of_one_name_both_come_out():
    data = raw_zip(Raw(b"toy.ipynb", b"1"), Raw(b"toy.ipynb", b"2"))
    found = members(io.BytesIO(data), "x.zip", len(data), STUDENT, bool)
    assert [m.content for m in found if isinstance(m, Member)] == [b"1", b"2"]


def test_a_zip_with_something_before_it_is_read():
    assert read("x.zip", raw_zip(Raw(b"good.ipynb", b"y"), before=b"#!/bin/sh\nexit 0\n")) == GOOD


def test_a_zip64_is_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("good.ipynb", "w", force_zip64=True) as stream:
        stream.write(b"y")
    assert read("x.zip", file.getvalue()) == GOOD


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\3\4 nothing", "not a zip"), (b"", "not a zip"), (raw_zip(Raw(b"a.ipynb"))[:-8], "not a zip"),
     (raw_zip(Raw(b"a.ipynb"), length=2**31), "begins before the file"), (raw_zip(Raw(b"a.ipynb"), disk=1), "one part of several"),
     (raw_zip(directory=b"PK\1\2 nothing"), "directory is broken"), (b"Rar!\x1a\x07\x00", "rar archives cannot be read; unpack it"),
     (b"7z\xbc\xaf\x27\x1c", "7z archives cannot be read")],
)  # fmt: skip
def test_a_broken_zip_or_one_that_is_none_is_refused_with_the_reason(data, why):
    with pytest.raises(ArchiveRefused, match=why):
        read("x.zip", data)


@pytest.mark.parametrize("name", ["x.7z", "x.rar", "x.tar.xz", "x.tar.bz2", "x.zst"])
def test_archives_of_other_kinds_are_told_with_what_to_do(name):
    with pytest.raises(ArchiveRefused, match="cannot be read; unpack it and put the notebook in its place"):
        read(name, b"anything")


def test_a_plain_tar_whose_first_member_begins_like_another_kind_of_archive_is_read():
    assert read("x.tar", tarred((entry("BZhang.ipynb"), b"y"), mode="w")) == {"BZhang.ipynb": b"y"}


def test_a_bomb_is_stopped_by_what_comes_out_of_it_not_by_what_it_says():
    bomb = zipped({f"{n}.ipynb": bytes(2**18) for n in range(5)})
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read("x.zip", bomb, TIGHT)
    big = tarred((entry("big.bin"), bytes(8 * 2**20)), (entry("toy.ipynb"), b"x"))
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read("x.tar.gz", big, TIGHT, lambda name: name == "toy.ipynb")
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read("toy.ipynb.gz", gzip.compress(bytes(2**22)), TIGHT)


@pytest.mark.parametrize("kind", ["comment", "path"])
def test_a_header_of_a_tar_that_is_as_large_as_a_bomb_is_not_held_in_memory(kind):
    info = entry("toy.ipynb")
    info.pax_headers = {kind: "x" * 8 * 2**20}
    with pytest.raises(ArchiveRefused, match="a header of 8388"):
        read("x.tar.gz", tarred((info, b"x"), format=tarfile.PAX_FORMAT), CLASS)


def test_headers_of_a_tar_without_members_are_counted():
    pax = tar_header("x", 11, tarfile.XGLTYPE) + b"11 a=bcdef\n".ljust(512, b"\0")
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("x.tar.gz", gzip.compress(pax * 501))


@pytest.mark.timed
@pytest.mark.parametrize("content", [b"", b"x" * 512])
@pytest.mark.parametrize("size", [2**60, 2**39, -512])
def test_a_member_of_a_tar_that_says_it_is_endless_ends_with_the_archive(size, content):
    data = gzip.compress(tar_header("big.bin", size) + content)
    start = time.process_time()
    with pytest.raises(ArchiveRefused, match=r"a member of|ends in the middle"):
        read("x.tar.gz", data, wanted=lambda name: name == "toy.ipynb")
    assert time.process_time() - start < 10


def test_what_was_read_of_a_tar_before_it_breaks_off_stays():
    data = tarred((entry("good.ipynb"), b"y"), (entry("toy.ipynb"), os.urandom(2**14)), mode="w")[:4096]
    found = members(io.BytesIO(data), "x.tar", len(data), STUDENT, bool)
    first = next(found)
    assert isinstance(first, Member)
    assert first.content == b"y"
    with pytest.raises(ArchiveRefused, match="ends in the middle of a member"):
        next(found)


def test_the_parts_of_a_gzip_file_are_read_as_one_and_counted():
    assert read("toy.ipynb.gz", gzip.compress(b"ab") + gzip.compress(b"cd") + bytes(9)) == {"toy.ipynb": b"abcd"}
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("toy.ipynb.gz", gzip.compress(b"") * 501)
    with pytest.raises(ArchiveRefused, match="in the middle of a gzip stream"):
        read("toy.ipynb.gz", gzip.compress(b"abcd")[:-9])


def test_members_are_counted():
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("x.zip", zipped({f"{n}": "" for n in range(501)}), wanted=lambda _: False)
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("x.tar.gz", tarred(*((entry(str(n)), b"") for n in range(501))), wanted=lambda _: False)


def test_the_directory_of_a_zip_with_a_million_entries_is_not_held_in_memory():
    one = raw_zip(Raw(b"a"))
    directory = one[one.index(b"PK\1\2") : one.index(b"PK\5\6")]
    data = raw_zip(directory=directory * 1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ArchiveRefused, match="more than 50000 members"):
        read("x.zip", data, CLASS, lambda _: False)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB


def test_an_archive_too_large_for_one_student_is_not_opened():
    with pytest.raises(ArchiveRefused, match=f"{STUDENT.packed + 1} bytes, allowed {STUDENT.packed}"):
        list(members(io.BytesIO(b""), "x.zip", STUDENT.packed + 1, STUDENT, lambda _: True))


def test_a_notebook_too_large_to_be_graded_comes_out_one_byte_too_long_and_no_longer():
    found = read("x.zip", zipped({"toy.ipynb": (os.urandom(2**13) + bytes(2**19)) * 70}))
    assert len(found["toy.ipynb"]) == MAX_FILE + 1


NAMES = {
    "UTF-8 without its flag": (Raw("甲_toy.ipynb".encode()), "甲_toy.ipynb"),
    "GBK": (Raw("甲同学_toy.ipynb".encode("gbk")), "甲同学_toy.ipynb"),
    "GBK with a rare character": (Raw("李玥_toy.ipynb".encode("gb18030")), "李玥_toy.ipynb"),
    "GB 18030 of four bytes": (Raw("𠮷_toy.ipynb".encode("gb18030")), "𠮷_toy.ipynb"),
    "code page 437": (Raw("José_toy.ipynb".encode("cp437")), "José_toy.ipynb"),
    "code page 437, twice": (Raw("Zoë Muñoz_toy.ipynb".encode("cp437")), "Zoë Muñoz_toy.ipynb"),
    "neither": (Raw(b"\xdb\xb0\x80_toy.ipynb"), b"\xdb\xb0\x80_toy.ipynb".decode("cp437")),
    "composed and not": (Raw(unicodedata.normalize("NFD", "Zoë_toy.ipynb").encode()), "Zoë_toy.ipynb"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_names_come_out_as_they_were_written(kind):
    raw, name = NAMES[kind]
    assert list(read("x.zip", raw_zip(raw))) == [name]


def test_a_name_in_utf8_beside_the_other_is_taken_if_it_belongs_to_it():
    raw = "甲_toy.ipynb".encode("gbk")
    for crc, name in ((zlib.crc32(raw), "乙_toy.ipynb"), (1, "甲_toy.ipynb")):
        data = b"\1" + crc.to_bytes(4, "little") + "乙_toy.ipynb".encode()
        field = b"\x75\x70" + len(data).to_bytes(2, "little") + data
        assert list(read("x.zip", raw_zip(Raw(raw, extra=field)))) == [name]


def test_names_in_a_tar_that_are_not_utf8_are_read_by_the_same_rule():
    data = tarred((entry("甲同学_toy.ipynb"), b"y"), mode="w", format=tarfile.USTAR_FORMAT, encoding="gbk")
    assert list(read("x.tar", data)) == ["甲同学_toy.ipynb"]
