"""What students hand in for a notebook is read, or one sentence says what it is and what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bounds import cost, grows_linearly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from submissions import deep, toy_notebook

from mlc_course.grading.vetting import listing
from mlc_course.grading.vetting.listing import MAX_ENTRIES, entries_below
from mlc_course.grading.vetting.notebook import MAX_CELLS, read_submission, special_files
from mlc_course.grading.vetting.notebook_file import MAX_FILE, MAX_VALUES, parsed
from mlc_course.grading.vetting.strict_json import Refused

GOOD = json.loads(nbformat.writes(toy_notebook({}, solved=True)))
EXAMPLES = int(os.environ.get("MLC_FUZZ", "200"))
SOURCES = [cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]) for cell in GOOD["cells"]]


def read(tmp_path: Path, data: bytes):
    path = tmp_path / "toy.ipynb"
    path.write_bytes(data)
    return read_submission(path)


def with_output(output: object) -> dict:
    data = json.loads(json.dumps(GOOD))
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [output]
    return data


def windows(value: object) -> object:
    if isinstance(value, dict):
        return {key: windows(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [windows(inner) for inner in value]
    return value.replace("\n", "\r\n") if isinstance(value, str) else value


PICTURES = with_output({"output_type": "display_data", "data": {"image/png": "iVBORw0K" * 300_000}})
RIGHT = {
    "with a byte order mark": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
    "in UTF-16": json.dumps(GOOD).encode("utf-16"),
    "with Windows line ends": json.dumps(windows(GOOD), indent=1).replace("\n", "\r\n").encode(),
    "with pictures of 18 MB": json.dumps(PICTURES).encode(),
    "with an integer above 64 bits in an output": json.dumps(with_output({"data": {"application/json": 2**70}})).encode(),
    "with a huge integer in an output": json.dumps(with_output({"data": 1})).replace('"data": 1', '"data": ' + "9" * 10**6).encode(),
    "with a doubled key in an output": json.dumps(with_output({"a": 1})).replace('"a": 1', '"a": 1, "a": 2').encode(),
    "with NaN in an output": json.dumps(with_output({"data": float("nan")})).encode(),
    "with widgets": json.dumps({**GOOD, "metadata": {"widgets": {"state": 2**80}}}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_notebook_is_read_whatever_its_outputs_and_its_encoding(tmp_path, name):
    notebook = read(tmp_path, RIGHT[name])
    assert "unreadable" not in notebook.metadata.mlc
    assert [cell.source for cell in notebook.cells] == SOURCES


OTHER = {
    "an empty file": b"",
    "a file of blanks": b" \n",
    "a login page": b"<!DOCTYPE html><html><body>Log in</body></html>",
    "an archive": b"PK\x03\x04rest",
    "a merge": b"<<<<<<< HEAD\n{}\n=======\n",
    "a pointer": b"version https://git-lfs.github.com/spec/v1\n",
    "a program": b"import numpy as np\n",
    "format 3": b'{"nbformat": 3, "worksheets": []}',
    "format as text": b'{"nbformat": "4", "cells": []}',
    "no UTF-8": '{"nbformat": 4, "cells": [], "x": "é"}'.encode("latin-1"),
    "many values": b'{"nbformat": 4, "cells": [' + b"[]," * MAX_VALUES + b"[]]}",
    "deep": b'{"nbformat": 4, "cells": ' + b"[" * 10**5,
}
SAID = {
    "an empty file": "an empty file", "a file of blanks": "an empty file", "a login page": "a web page, such as a login page",
    "an archive": "a zip archive", "a merge": "unfinished merge", "a pointer": "Git LFS", "a program": "invalid JSON",
    "format 3": "nbformat 3", "format as text": "no nbformat", "no UTF-8": "no UTF-8 text at byte", "many values": "values",
    "deep": "nested too deeply",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_another_file_is_named_for_what_it_is_in_both_languages(tmp_path, name):
    said = read(tmp_path, OTHER[name]).metadata.mlc
    assert SAID[name] in said.unreadable
    assert any("\u4e00" <= character <= "\u9fff" for character in said.unreadable_zh)
    assert len(said.unreadable) <= 500


def test_more_source_than_a_course_needs_is_refused(tmp_path):
    cells = [{"cell_type": "code", "source": "#" * 2**20, "metadata": {}}] * 9
    assert "characters" in read(tmp_path, json.dumps({"nbformat": 4, "cells": cells}).encode()).metadata.mlc.unreadable


pieces = st.sampled_from(
    [b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\", b"\\ud800", b"1", b"-", b"e9", b"null", b'"cells":', b'"nbformat":4',
     b'"source":', b'"outputs":', b"\xff", b"\xef\xbb\xbf", b"\0", b" ", b'"cell_type":"code"', b'"metadata":{"nbgrader":']
)  # fmt: skip


@pytest.mark.timed
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pieces, max_size=12).map(b"".join), st.integers(1, 3000))
def test_any_bytes_are_read_in_time_and_memory_of_their_length(tmp_path, piece, times):
    data = piece * times
    path = tmp_path / "fuzz.ipynb"
    path.write_bytes(data)
    spent = cost(read_submission, path)
    assert spent.seconds < 1 + len(data) * 20e-6
    assert spent.memory < 2 * 2**20 + 60 * len(data)


@pytest.mark.timed
@pytest.mark.parametrize(
    "make",
    [
        lambda n: {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x\n"] * 200, "metadata": {}}] * n},
        lambda n: with_output({"data": {"application/json": [[]] * 100 * n}}),
        lambda n: with_output({"data": {"image/png": "A" * 2000 * n}}),
        lambda n: {**GOOD, "metadata": {str(i): i for i in range(100 * n)}},
    ],
    ids=["cells", "values in outputs", "pictures", "metadata"],
)
def test_reading_takes_time_in_proportion(tmp_path, make):
    path = tmp_path / "scale.ipynb"

    def spend(size: int) -> float:
        path.write_text(json.dumps(make(size)))
        return cost(read_submission, path, memory=False).seconds

    assert grows_linearly(spend, MAX_CELLS // 2)


def test_the_largest_files_take_bounded_memory(tmp_path):
    """In a process of its own, by the memory it had at most."""
    files = {
        "values": b'{"nbformat":4,"cells":[{"cell_type":"code","outputs":[' + b"[]," * (MAX_VALUES - 100) + b"[]]}]}",
        "text": json.dumps(with_output("A" * (MAX_FILE // 8) + "\U0001f600"), ensure_ascii=False).encode(),
        "huge": b"[" * (MAX_FILE + 2),
    }
    for name, data in files.items():
        path = tmp_path / f"{name}.ipynb"
        path.write_bytes(data)
        code = (
            "import resource, sys; from pathlib import Path; from mlc_course.grading.vetting.notebook import read_submission\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; read_submission(Path(sys.argv[1]))\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
        )
        said = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        assert int(said.stdout) * 1024 < 200 * 2**20 + 7 * len(data), name


def test_a_folder_nested_deeper_than_python_can_go_is_listed_in_part(tmp_path):
    deep(tmp_path, 3000)
    found, problem = entries_below(tmp_path)
    assert len(found) <= listing.MAX_LEVELS + 1
    assert "nested deeper than 20 levels" in problem
    with pytest.raises(OSError, match="nested deeper"):
        special_files(tmp_path)
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_folder_of_very_many_files_is_listed_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "MAX_ENTRIES", 100)
    for number in range(200):
        (tmp_path / str(number)).touch()
    found, problem = entries_below(tmp_path)
    assert len(found) == 100 < MAX_ENTRIES
    assert problem == "more than 100 files and folders"


names = st.binary(min_size=1, max_size=60).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, st.sampled_from(["file", "folder", "link", "pipe"])), max_size=6))
def test_folders_of_any_names_are_listed(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("any")
    for name, kind in made:
        path = os.path.join(os.fsencode(folder), name)
        if os.path.lexists(path):
            continue
        {
            "file": lambda p: open(p, "w").close(),
            "folder": os.mkdir,
            "link": lambda p: os.symlink(b"/", p),
            "pipe": os.mkfifo,
        }[kind](path)
    found, problem = entries_below(folder)
    assert not problem
    assert len(found) == len(os.listdir(folder))
    assert len(special_files(folder)) == sum(e.is_symlink() or not (e.is_dir() or e.is_file()) for e in found)


def test_outputs_are_dropped_while_the_file_is_parsed():
    assert "outputs" not in parsed(json.dumps(GOOD).encode())["cells"][0]
    with pytest.raises(Refused, match="larger file"):
        parsed(b" " * (MAX_FILE + 1))
