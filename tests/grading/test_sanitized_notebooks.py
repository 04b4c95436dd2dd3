"""Whatever file a student hands in is read without harm, and believed in nothing but the source of its cells."""

import copy
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from submissions import known_cells_of_toy, toy_notebook

from mlc_course.grading.vetting.notebook import (
    Known,
    fingerprint,
    read_submission,
    sanitize,
    special_files,
)

KNOWN = known_cells_of_toy()
GOOD = json.loads(nbformat.writes(toy_notebook({}, solved=True)))
EXAMPLES = int(os.environ.get("MLC_FUZZ", "200"))


def taken_in(tmp_path: Path, data: object):
    path = tmp_path / "toy.ipynb"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return sanitize(read_submission(path), KNOWN)


def graded_cells(notebook) -> dict[str, str]:
    return {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if "nbgrader" in c.metadata}


def test_a_notebook_as_handed_out_keeps_its_cells_and_gets_the_assignments_metadata(tmp_path):
    notebook = taken_in(tmp_path, GOOD)
    nbformat.validate(notebook)
    assert list(graded_cells(notebook)) == list(KNOWN)
    assert notebook.metadata.mlc.remarks == []
    check = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "double")
    assert (check.metadata.nbgrader.points, check.metadata.nbgrader.grade) == (4, True)


def test_tags_ids_points_flags_and_kernels_of_a_submission_count_for_nothing(tmp_path):
    data = copy.deepcopy(GOOD)
    data["metadata"] = {
        "kernelspec": {"name": "evil", "argv": ["sh"]},
        "widgets": {},
        "mlc": {"remarks": [], "answers": {}},
    }
    for cell in data["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
        cell["id"] = "../../x"
        cell["attachments"] = {"a": {"text/html": "<script>"}}
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "4"}}]
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1000, "grade": False, "solution": True, "locked": False}
    notebook = taken_in(tmp_path, data)
    clean = taken_in(tmp_path, GOOD)
    assert notebook.cells == clean.cells
    assert notebook.metadata.kernelspec.name == "python3"


def test_cells_that_are_graded_by_hand_come_back_empty_and_are_no_problem(tmp_path):
    known = {**KNOWN, "essay": Known("markdown", "Write here", grade=True, solution=True, points=5)}
    path = tmp_path / "toy.ipynb"
    path.write_text(json.dumps(GOOD))
    notebook = sanitize(read_submission(path), known)
    assert graded_cells(notebook)["essay"] == "Write here"
    assert notebook.metadata.mlc.remarks == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"nbformat": 3, "cells": []}', '{"nbformat": 4, "cells": 7}', "[" * 50_000,
     '{"nbformat": 4, "cells": [], "cells": []}'],
    ids=lambda content: content[:30] or "nothing",
)  # fmt: skip
def test_an_unreadable_file_is_an_empty_submission_with_a_reason(tmp_path, content):
    notebook = taken_in(tmp_path, content)
    assert notebook.metadata.mlc.unreadable
    assert set(graded_cells(notebook)) == {name for name, known in KNOWN.items() if known.judged}


def test_links_pipes_and_devices_are_not_opened(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps(GOOD))
    link, pipe = tmp_path / "link.ipynb", tmp_path / "pipe.ipynb"
    link.symlink_to(secret)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, Path("/dev/zero"), tmp_path / "none.ipynb"):
        assert read_submission(path).metadata.mlc.unreadable
    assert sorted(special_files(tmp_path)) == [link, pipe]


def test_a_file_too_large_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(10**12)
    assert "bytes" in read_submission(path).metadata.mlc.unreadable


def test_fingerprints_follow_code_language_points_and_version(tmp_path):
    first = taken_in(tmp_path, GOOD)
    data = copy.deepcopy(GOOD)
    data["cells"][1]["source"] = "other text"
    assert fingerprint(taken_in(tmp_path, data), "1") == fingerprint(first, "1")
    assert fingerprint(first, "2") != fingerprint(first, "1")
    dearer = {name: replace(entry, points=entry.points + 1) for name, entry in KNOWN.items()}
    (tmp_path / "same.ipynb").write_text(json.dumps(GOOD))
    assert fingerprint(sanitize(read_submission(tmp_path / "same.ipynb"), dearer), "1") != fingerprint(first, "1")
    data["cells"][0]["source"] = "x = 1"
    assert fingerprint(taken_in(tmp_path, data), "1") != fingerprint(first, "1")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = ["cells", "metadata", "nbformat", "nbformat_minor"]
CELL_PLACES = ["cell_type", "source", "metadata", "outputs", "id"]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_notebook_with_parts_replaced_is_taken_in_and_valid(tmp_path, data):
    notebook = copy.deepcopy(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        value = data.draw(json_values)
        if data.draw(st.booleans()) or not isinstance(notebook["cells"], list):
            notebook[data.draw(st.sampled_from(PLACES))] = value
            continue
        cell = data.draw(st.sampled_from(notebook["cells"])) if notebook["cells"] else None
        if isinstance(cell, dict):
            cell[data.draw(st.sampled_from(CELL_PLACES))] = value
    result = taken_in(tmp_path, notebook)
    nbformat.validate(result)
    assert {name for name, known in KNOWN.items() if known.judged} <= set(graded_cells(result))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_random_bytes_are_taken_in(tmp_path, data):
    path = tmp_path / "toy.ipynb"
    path.write_bytes(data)
    assert sanitize(read_submission(path), KNOWN).metadata.mlc.unreadable


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"nbformat": 3, "worksheets": []}', "nbformat 3 (allowed: a notebook of format 4)"),
        ('{"nbformat": 4, "cells": {}}', "JSON of another form (allowed: a notebook)"),
        ('{"nbformat": 4, "cells": [' + "1," * 2000 + "1]}", "2001 (allowed: at most 2000 cells)"),
    ],
)
def test_the_reason_says_what_was_got_and_what_is_allowed(tmp_path, content, found):
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    assert read_submission(path).metadata.mlc.unreadable.startswith(found)


def test_a_cell_that_is_too_long_says_so_when_it_runs(tmp_path):
    path = tmp_path / "x.ipynb"
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "source": "#" * 2**21, "metadata": {}} for kind in ("code", "markdown")
    ]
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    code, prose = read_submission(path).cells
    with pytest.raises(ValueError, match="2097152 characters was left out"):
        exec(code.source)
    assert prose.source.startswith("a cell of 2097152 characters was left out")
