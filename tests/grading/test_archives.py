"""Archives of downloads: notebooks come out under their student's name, bombs and paths that lead elsewhere do not."""

import contextlib
import gzip
import io
import logging
import os
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submissions import TOY

from mlc_course.exercises import catalog
from mlc_course.grading.archives import STUDENT, ArchiveRefused, Bounds, members
from mlc_course.grading.collect import BoundedExtractor, owner_of
from mlc_course.grading.submission import MAX_FILE
from mlc_course.root import course_root

EXAMPLES = int(os.environ.get("MLC_FUZZ", "200"))


@pytest.fixture(autouse=True)
def _toy_course(monkeypatch):
    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))
    course_root.cache_clear()
    yield
    monkeypatch.undo()
    course_root.cache_clear()
    assert catalog.exercise_stems() != ["toy"]


def zipped(contents: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for info, content in entries:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def read(name: str, data: bytes, bounds: Bounds = STUDENT, wanted=lambda _: True) -> dict[str, bytes]:
    found = members(io.BytesIO(data), name, len(data), bounds, wanted)
    return {"/".join((*m.folder, m.name)): m.content for m in found}


@pytest.fixture
def extract(tmp_path, caplog):
    """Extract what lies in a folder of downloads; ``({name: content}, warnings)``."""
    place = tmp_path / "archive"
    place.mkdir()

    def extracted(**downloads: bytes) -> tuple[dict[str, bytes], str]:
        for name, content in downloads.items():
            (place / name).write_bytes(content)
        out = tmp_path / "extracted"
        out.mkdir()
        with caplog.at_level(logging.WARNING):
            extractor = BoundedExtractor()
            extractor.log = logging.getLogger("extract")
            extractor.extract(str(place), str(out))
        everything = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file() and not p.is_symlink()}
        found = {p.name: p.read_bytes() for p in out.iterdir()}
        assert everything == {f"archive/{name}" for name in downloads} | {f"extracted/{name}" for name in found}
        return found, caplog.text

    return extracted


def test_notebooks_alone_in_archives_and_in_archives_within_come_out_under_their_students_names(extract):
    inner = zipped({"toy.ipynb": "cy", "notes.txt": "no notebook"})
    platform = zipped({"bo/bo_toy.ipynb": "bo", "cy_toy.zip": inner, "list.csv": "bo,cy"})
    dee = tarred((entry("work/dee_toy.ipynb"), b"dee"))
    found, _ = extract(**{"ada_toy.ipynb": b"ada", "all.zip": platform, "dee_toy.tar.gz": dee,
                          "eve_toy.ipynb.gz": gzip.compress(b"eve"), "fay_toy.zip": zipped({"a/b/toy.ipynb": "fay"})})  # fmt: skip
    assert {name.split("_")[0]: text.decode() for name, text in found.items()} == {
        "ada": "ada", "bo": "bo", "cy": "cy", "dee": "dee", "eve": "eve", "fay": "fay",
    }  # fmt: skip


def test_a_students_archive_hands_in_nothing_in_the_name_of_another(extract):
    forged = {"bo_toy.ipynb": "forged", "bo_toy.zip": zipped({"toy.ipynb": "forged"}), "toy.ipynb": "own"}
    found, _ = extract(**{"mal_toy.zip": zipped(forged), "bo_toy.ipynb": b"bo"})
    assert found == {"bo_toy.ipynb": b"bo", "mal_toy.ipynb": b"own"}


def test_an_unnamed_archive_in_an_archive_is_passed_over(extract):
    found, said = extract(**{"all.zip": zipped({"x.zip": zipped({"bo_toy.ipynb": "forged"}), "ada_toy.ipynb": "ada"})})
    assert found == {"ada_toy.ipynb": b"ada"}
    assert "x.zip: passed over, an archive in an archive is named" in said


def test_of_two_notebooks_of_a_student_the_newer_is_taken_and_the_class_is_collected(extract):
    old, new = (
        zipfile.ZipInfo("a/ada_toy.ipynb", (2024, 1, 1, 0, 0, 0)),
        zipfile.ZipInfo("b/ada_toy.ipynb", (2025, 1, 1, 0, 0, 0)),
    )
    found, said = extract(**{"all.zip": zipped({new: "new", old: "old", "bo_toy.ipynb": "bo"})})
    assert found == {"ada_toy.ipynb": b"new", "bo_toy.ipynb": b"bo"}
    assert re.search(r"ada_toy.ipynb was handed in twice: the newer is taken, .*b/ada_toy.ipynb", said)


def test_a_broken_archive_costs_no_other_its_place(extract):
    found, said = extract(**{"ada_toy.zip": b"PK\x03\x04 nothing", "bo_toy.tar.gz": b"\x1f\x8b", "cy_toy.ipynb": b"cy",
                             "dee_toy.zip": zipped({"other.txt": "x"}), "what.txt": b"?"})  # fmt: skip
    assert found == {"cy_toy.ipynb": b"cy"}
    assert said.count("it cannot be read") == 2
    assert "there is no toy.ipynb in it" in said
    assert "what.txt: passed over, name it <student>_<assignment>.ipynb, with an assignment out of " in said


def test_links_beside_the_downloads_are_not_followed(extract, tmp_path):
    (tmp_path / "archive" / "ada_toy.ipynb").symlink_to("/etc/hostname")
    found, _ = extract(**{"bo_toy.ipynb": b"bo"})
    assert found == {"bo_toy.ipynb": b"bo"}


@pytest.mark.parametrize(
    "name",
    ["../bo_toy.ipynb", "/tmp/bo_toy.ipynb", "a/../../bo_toy.ipynb", "..\\bo_toy.ipynb", "C:\\bo_toy.ipynb", "a\nb/bo_toy.ipynb",
     "bo_toy.ipynb\x1b[2J"],
)  # fmt: skip
def test_paths_that_lead_out_of_an_archive_are_passed_over(name):
    assert read("x.zip", zipped({name: "x", "good.ipynb": "y"})) == {"good.ipynb": b"y"}
    assert read("x.tar.gz", tarred((entry(name), b"x"), (entry("good.ipynb"), b"y"))) == {"good.ipynb": b"y"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_links_pipes_and_devices_in_archives_are_passed_over(kind):
    data = tarred((entry("toy.ipynb", kind, "/etc/hostname"), b""), (entry("good.ipynb"), b"y"))
    assert read("x.tar.gz", data) == {"good.ipynb": b"y"}
    link = zipfile.ZipInfo("toy.ipynb")
    link.external_attr = 0o120777 << 16
    assert read("x.zip", zipped({link: "/etc/hostname", "good.ipynb": "y"})) == {"good.ipynb": b"y"}


TIGHT = Bounds(free=2**20, growth=10)


def test_a_bomb_is_stopped_by_what_comes_out_of_it_not_by_what_it_says():
    bomb = zipped({f"{n}.ipynb": bytes(2**20) for n in range(5)})
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read("x.zip", bomb, TIGHT)
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read(
            "x.tar.gz",
            tarred((entry("big.bin"), bytes(8 * 2**20)), (entry("toy.ipynb"), b"x")),
            TIGHT,
            lambda name: name == "toy.ipynb",
        )
    with pytest.raises(ArchiveRefused, match="unpacks to more than its size allows"):
        read("toy.ipynb.gz", gzip.compress(bytes(2**22)), TIGHT)


def test_a_header_of_a_tar_that_is_as_large_as_a_bomb_is_not_held_in_memory():
    info = entry("toy.ipynb")
    info.pax_headers = {"comment": "x" * 8 * 2**20}
    with pytest.raises(ArchiveRefused, match="unpacks to more"):
        read("x.tar.gz", tarred((info, b"x")), TIGHT)


def test_members_are_counted():
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("x.zip", zipped({f"{n}": "" for n in range(501)}), wanted=lambda _: False)
    with pytest.raises(ArchiveRefused, match="more than 500 members"):
        read("x.tar.gz", tarred(*((entry(str(n)), b"") for n in range(501))), wanted=lambda _: False)


def test_an_archive_too_large_for_one_student_is_not_opened():
    with pytest.raises(ArchiveRefused, match=f"{STUDENT.packed + 1} bytes, allowed {STUDENT.packed}"):
        list(members(io.BytesIO(b""), "x.zip", STUDENT.packed + 1, STUDENT, lambda _: True))


def test_a_notebook_too_large_to_be_graded_comes_out_one_byte_too_long_and_no_longer():
    found = read("x.zip", zipped({"toy.ipynb": (os.urandom(2**13) + bytes(2**19)) * 70}))
    assert len(found["toy.ipynb"]) == MAX_FILE + 1


def test_encrypted_members_are_refused():
    data = bytearray(zipped({"toy.ipynb": "x"}))
    for start in (data.find(b"PK\x01\x02") + 8, data.find(b"PK\x03\x04") + 6):
        data[start] |= 1
    with pytest.raises(ArchiveRefused, match="it cannot be read"):
        read("x.zip", bytes(data))


def test_a_member_without_a_name_is_passed_over():
    assert read("x.zip", zipped({"a": "x", "good.ipynb": "y"}).replace(b"a", b"\0")) == {"good.ipynb": b"y"}


@pytest.mark.parametrize(
    ("name", "owner"),
    [("ada_toy.zip", ("ada", "toy")), ("jo_smith_toy.tar.gz", ("jo_smith", "toy")), ("ada_toy.ipynb", ("ada", "toy")),
     ("_toy.zip", None), ("ada_other.zip", None), (".._toy.zip", None), ("toy.zip", None)],
)  # fmt: skip
def test_a_name_says_whose_a_file_is(name, owner):
    assert owner_of(name) == owner


SOMETHING = [
    zipped({"toy.ipynb": "x" * 50, "a/b.txt": "y"}),
    tarred((entry("toy.ipynb"), b"x" * 50)),
    gzip.compress(b"x" * 50),
]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(range(3)), st.data())
def test_a_damaged_archive_is_read_or_refused(which, data):
    content = bytearray(SOMETHING[which])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    with contextlib.suppress(ArchiveRefused):
        found = read(["x.zip", "x.tar.gz", "toy.ipynb.gz"][which], bytes(content))
        assert all(len(text) <= MAX_FILE + 1 and ".." not in Path(name).parts for name, text in found.items())
