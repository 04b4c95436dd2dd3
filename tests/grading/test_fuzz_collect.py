"""Whatever lies in a folder of downloads: collecting ends, in bounded time, with one row for each file."""

import gzip
import os
import resource
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packed import Raw, entry, extended, ntfs, raw_zip, tarred, zipped
from submissions import TOY

from mlc_course.grading.collecting.names import decode_name, name_problem, place_of, shown
from mlc_course.grading.collecting.owners import ByName, Owner
from mlc_course.grading.collecting.plugins import BoundedExtractor
from mlc_course.grading.collecting.table import table
from mlc_course.grading.vetting.file_times import zip_time

EXAMPLES = int(os.environ.get("MLC_FUZZ", "60"))
TIME = 10  # seconds of CPU for one folder: a hundred times what any of these takes
MEMORY = 400_000  # KiB that all of them together may add

STUDENTS = st.sampled_from(
    ["ada", "李雷", "Zoe\u0308", "a\u202e", "..", "-x", "CON", "x" * 290, "Li_7_assignsubmission_file_/q", "b_22_4444"]
)
ENDINGS = st.sampled_from([".ipynb", " (1).ipynb", "-2.IPYNB", ".zip", ".tar.gz", ".gz", ".7z", " - Copy.ipynb"])
NAMES = st.builds(lambda student, ending: f"{student}_toy{ending}", STUDENTS, ENDINGS)
WORDS = st.integers(0, 2**16 - 1)
LONGS = st.one_of(st.none(), st.integers(0, 2**32 - 1))
EXTRAS = st.one_of(
    st.just(b""), st.binary(max_size=40), st.integers(-(2**31), 2**31 - 1).map(extended), st.just(ntfs(1.7e9))
)
CONTENTS = st.one_of(
    st.binary(max_size=60), st.just(zipped({"toy.ipynb": "{}", "x/toy (1).ipynb": "[]"})), st.just(bytes(2**22))
)


@st.composite
def raws(draw) -> Raw:
    coded = draw(NAMES).encode(draw(st.sampled_from(["utf-8", "gb18030"])), "replace")
    name = draw(st.one_of(st.just(coded), st.binary(max_size=300).map(lambda b: b + b"q.ipynb")))
    return Raw(
        name,
        draw(CONTENTS),
        draw(st.sampled_from([0, 0, 0, 1, 8, 0x800, 0xFFFF])),
        draw(st.sampled_from([0, 8, 8, 8, 9, 12, 14, 99])),
        draw(WORDS),
        draw(WORDS),
        draw(EXTRAS),
        draw(st.sampled_from([0, 0o100644 << 16, 0o120777 << 16, 0o010644 << 16])),
        *(draw(LONGS) if draw(st.integers(0, 5)) == 0 else None for _ in range(4)),
    )


@st.composite
def headers(draw) -> tuple[tarfile.TarInfo, bytes]:
    info = entry(
        draw(NAMES), draw(st.sampled_from([b"0", b"0", b"0", b"1", b"2", b"5", b"7", b"S", b"Z"])), "toy.ipynb"
    )
    info.pax_headers = draw(st.dictionaries(st.sampled_from(["mtime", "size", "path", "GNU.sparse.map", "x"]),
                                            st.sampled_from(["nan", "-1", "1e999", "7", "9" * 30, "../a_toy.ipynb", "b_toy.ipynb"]), max_size=2))  # fmt: skip
    return info, draw(CONTENTS)


@st.composite
def damaged(draw) -> bytes:
    form: dict[str, Any] = {"format": tarfile.PAX_FORMAT, "errors": "replace"}
    data = bytearray(draw(st.one_of(
        st.lists(raws(), max_size=5).map(lambda members: raw_zip(*members)),
        st.lists(headers(), max_size=5).map(lambda members: tarred(*members, mode="w", **form)),
        st.lists(headers(), max_size=3).map(lambda members: tarred(*members, **form)),
        CONTENTS.map(gzip.compress),
        CONTENTS,
    )))  # fmt: skip
    for _ in range(draw(st.integers(0, 4)) if data else 0):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@pytest.fixture(autouse=True, scope="module")
def _toy_course():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLC_COURSE_ROOT", str(TOY))
        yield


def extracted(files: dict[str, bytes]) -> BoundedExtractor:
    """What became of a folder of downloads, held to what always holds."""
    with tempfile.TemporaryDirectory() as top:
        archive, out = Path(top, "archive"), Path(top, "extracted")
        archive.mkdir()
        out.mkdir()
        for name, content in files.items():
            (archive / name).write_bytes(content)
        extractor = BoundedExtractor()
        start = time.process_time()
        extractor.extract(str(archive), str(out))
        assert time.process_time() - start < TIME
        taken = [row for row in extractor.rows if row.outcome == "taken"]
        assert len(list(out.iterdir())) == len(taken) == len({row.student for row in taken})
        assert all(path.is_file() and not path.is_symlink() for path in out.iterdir())
        assert sorted(path.name for path in archive.iterdir()) == sorted(files)
    assert all(row.where.lower().endswith(".ipynb") for row in taken)
    assert all(name_problem(row.student) is None for row in taken)
    said = table("toy", extractor.rows, others=extractor.others)
    assert all(c.isprintable() or c in "\n\u200c\u200d" for c in said)
    return extractor


LOOSE = [
    "ada_toy.zip",
    "class.zip",
    "bo_toy.tar",
    "all.tar.gz",
    "cy_toy.ipynb.gz",
    "Li_7_assignsubmission_file_w.zip",
    "dee_toy.ipynb",
    "x.tgz",
]


@pytest.mark.timed
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(st.sampled_from(LOOSE), damaged(), min_size=1, max_size=4))
def test_a_folder_of_damaged_archives_is_collected_to_its_end(files):
    rows = extracted(files).rows
    for name in files:
        told = [row for row in rows if row.where == name or row.where.startswith(f"{name}: ")]
        if name == "dee_toy.ipynb":
            assert len(told) == 1
        elif ByName(["toy"]).owner((name,)) != "name it <student>_toy.ipynb":
            assert told, name


@pytest.mark.timed
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(raws().filter(lambda raw: raw.name.lower().endswith(b"nb") and b"._" not in raw.name), max_size=8))
def test_every_notebook_in_a_zip_ends_in_one_row(members):
    rows = extracted({"class.zip": raw_zip(*members)}).rows
    assert len(rows) == len(members)
    assert all(row.where.startswith("class.zip: ") for row in rows)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=100), WORDS, WORDS)
def test_names_and_times_are_read_or_refused(raw, extra, date, clock):
    text = decode_name(raw)
    assert all(c.isprintable() or c in "\u200c\u200d" for c in shown(text))
    seconds = zip_time(date, clock, extra)
    assert seconds is None or 3e8 < seconds < 4.2e9
    try:
        place = place_of(text)
    except ValueError:
        return
    assert ".." not in place
    assert not any("/" in part or "\0" in part for part in place)
    found = ByName(["toy"]).owner((*place, text.replace("/", "") + "_toy.ipynb"))
    if isinstance(found, Owner) and not found.problem:
        assert found.student.strip() == found.student
        assert not set(found.student) & set('/\\\0:*?[]{}$`"<>|\n')


@pytest.mark.timed
def test_all_of_it_takes_little_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bombs = {f"{n}.ipynb": bytes(2**25) for n in range(4)}
    extracted({"ada_toy.zip": zipped(bombs), "class.zip": zipped({f"s{n}_toy.zip": zipped(bombs) for n in range(4)}),
               "x.tgz": tarred(*((entry(f"s{n}_toy.ipynb"), bytes(2**25)) for n in range(4)))})  # fmt: skip
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY
