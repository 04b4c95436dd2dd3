"""The benchmark's machinery: fair surroundings, the oracle before the clock, one table. No time is asserted."""

import importlib.util
import json
import sys

import numpy as np
import pytest
import tvm

from mlc_course.root import course_root

FOLDER = course_root() / "benchmarks"


def load(name: str):
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def run():
    sys.path.insert(0, str(FOLDER))
    yield load("run")
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def timing():
    return load("timing")


def test_kernels_are_not_capped_and_all_libraries_get_the_same_threads(run, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    variables = run.environment(2)
    assert "OPENBLAS_CORETYPE" not in variables
    assert {variables[name] for name in run.THREADS} == {"2"}


def contest(timing, result):
    found = timing.Contest("toy", "sum", 1, oracle=np.arange(4.0))
    found.add("ours", lambda i: None, lambda: result)
    return found


def test_a_wrong_result_is_refused_before_anything_is_timed(timing):
    with pytest.raises(ValueError, match=r"sum: ours differs from the oracle by 1\.0e\+00"):
        contest(timing, np.arange(4.0)[::-1])


def test_a_row_names_the_fastest_peer_and_how_often_it_is_beaten(timing):
    found = contest(timing, np.arange(4.0))
    calls = []
    for name in ("slow", "slower"):
        found.add(name, lambda i, name=name: calls.append((name, i)))
    found.time = lambda rounds: {"ours": [1.0, 1.0, 2.0], "slow": [3.0, 3.0, 3.0], "slower": [9.0, 9.0, 9.0]}
    (row,) = found.rows(("ours", ["slow", "slower"], 2.0))
    assert (row.peer, row.ratio, row.as_json()["met"]) == ("slow", 3.0, True)
    assert row.error == 0


def test_rings_of_inputs_are_larger_than_caches_and_not_endless(timing):
    assert timing.ring_length(4) == 32
    assert timing.ring_length(2**30) == 3


def test_measuring_a_part_again_replaces_its_rows_only(run, timing, tmp_path):
    row = timing.Row("toy", "sum", 1, "ours", {"ours": 1.0, "peer": 2.0}, "peer", 2.0, 1.5).as_json()
    path = tmp_path / "results.json"
    run.merge(path, "matmul", 1, [dict(row)])
    run.merge(path, "int8", 1, [dict(row)])
    data = run.merge(path, "matmul", 1, [dict(row, ratio=1.0, met=False)])
    assert [(each["part"], each["ratio"]) for each in data["rows"]] == [("matmul", 1.0), ("int8", 2.0)]
    assert json.loads(path.read_text())["machine"]["cores"] >= 1
    text = run.table(data["rows"])
    assert "1.00  1.50 miss" in text
    assert "2.00  1.50 met" in text


@pytest.mark.usefixtures("run")  # the scripts import each other from their folder
def test_a_version_of_the_ladder_that_writes_nothing_does_not_pass_with_the_result_of_the_last(monkeypatch):
    ladder = load("ladder")

    def compiled(name, _module, _options):
        def multiply(a, b, c):
            np.matmul(np.from_dlpack(a), np.from_dlpack(b), out=np.from_dlpack(c))

        return multiply if name == "right" else lambda *arguments: None

    def unchanged(program, _tiles):
        return tvm.s_tir.Schedule(program)

    monkeypatch.setattr(ladder, "compiled", compiled)
    monkeypatch.setattr(ladder, "LADDER", {"right": unchanged, "idle": unchanged})
    with pytest.raises(ValueError, match="idle differs from the oracle by nan"):
        ladder.measure(4)
