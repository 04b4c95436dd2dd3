"""Records: what is saved, when it applies, and what happens when it does not."""

import json

import numpy as np
import pytest
import tvm
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning import records, workloads
from mlc_ref.auto_tuning.records import Applied, Record, apply_records, record_of
from mlc_ref.auto_tuning.tune import choices, tune
from mlc_ref.checks.equivalence import equivalent
from mlc_ref.checks.loops import Loop, has_loop, no_loop
from mlc_ref.end_to_end import reference
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.schedules import primitives
from mlc_ref.schedules.programs import matmul, row_sum, scale_add
from mlc_ref.targets import CpuFeatures

AVX2 = CpuFeatures(avx2=True)
AVX512 = CpuFeatures(avx2=True, avx512=True, vnni=True)


def tuned(lanes: int, seconds: float, features: CpuFeatures) -> Record:
    mod = scale_add(64)
    return record_of(f"lanes {lanes}", mod["main"], primitives.vectorize(mod, lanes), seconds, features)


def test_records_survive_the_file(tmp_path):
    written = [tuned(8, 2e-6, AVX2), tuned(16, 1e-6, AVX512)]
    records.save(written, tmp_path / "some.json")
    assert records.load(tmp_path / "some.json") == written
    assert [r.needs for r in written] == [("avx2",), ("avx2", "avx512")]
    assert json.loads((tmp_path / "some.json").read_text())[0]["seconds"] == 2e-6


@pytest.mark.parametrize("text", ["{", '[{"name": 1}]', '[{"extra": 1, "needs": []}]'])
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"other.json: got no list of records"):
        records.load(path)


def test_the_fastest_usable_record_is_applied():
    both = [tuned(8, 2e-6, AVX2), tuned(16, 1e-6, AVX512)]
    mod, log = apply_records(scale_add(64), both, AVX512)
    assert log == [Applied("main", "lanes 16")]
    has_loop(mod, "Y", Loop(0, 16, "vectorized"))
    equivalent(mod, scale_add(64))
    mod, log = apply_records(scale_add(64), both, AVX2)
    assert log == [Applied("main", "lanes 8")]


def test_a_cpu_without_the_features_keeps_the_function_as_it_is():
    mod, log = apply_records(scale_add(64), [tuned(16, 1e-6, AVX512)], CpuFeatures(neon=True))
    assert log == [Applied("main", None, "needs avx2, avx512")]
    no_loop(mod, None, Loop(kind="vectorized"))
    equivalent(mod, scale_add(64))


def test_a_record_is_of_one_function_only():
    for other in (scale_add(65), row_sum(8, 8)):
        assert apply_records(other, [tuned(8, 1e-6, AVX2)], AVX2)[1] == [Applied("main", None, "no record")]


def test_a_trace_that_does_not_apply_leaves_the_function():
    mod = scale_add(64)
    sch = Schedule(matmul(4, 4, 4))
    sch.get_sblock("C")
    broken = record_of("broken", mod["main"], sch, 1e-6, AVX2)
    assert apply_records(mod, [broken], AVX2)[1] == [Applied("main", None, "the trace does not apply")]


def test_names_and_tuning_attributes_do_not_hide_a_function():
    func = scale_add(64)["main"].with_attr("op_pattern", 0).with_attr("global_symbol", "other")
    mod, log = apply_records(tvm.IRModule({"other": func}), [tuned(8, 1e-6, AVX2)], AVX2)
    assert log == [Applied("other", "lanes 8")]
    assert str(mod["other"].attrs["global_symbol"]) == "other"


def model_records(mod: tvm.IRModule) -> list[Record]:
    """For every function of a model the record of a schedule that only makes its first loop parallel."""
    found = []
    for var, func in mod.functions_items():
        if isinstance(func, tvm.tirx.PrimFunc):
            alone = tvm.IRModule({"main": records.anonymous(func).with_attr("global_symbol", "main")})
            sch = Schedule(alone)
            sch.annotate(sch.get_loops(sch.get_child_blocks(sch.get_sblock("root"))[0])[0], "pragma_note", 1)
            found.append(record_of(str(var.name_hint), func, sch, 1e-6, AVX2))
    return found


@pytest.mark.parametrize("name", workloads.MODELS)
def test_a_whole_model_computes_the_same_with_its_records(name):
    mod = workloads.model_workload(name, 3)
    tuned_mod, log = apply_records(mod, model_records(mod), AVX2)
    assert log
    assert all(each.record for each in log)
    weights = load_weights(name)
    rng = np.random.default_rng(0)
    rows = rng.uniform(0, 1, (3, 64)).astype("float32")
    inputs = rows if name == "mlp" else rows.reshape(3, 1, 8, 8)
    expected = getattr(reference, name)(inputs.astype("float64"), weights)
    for each in (mod, tuned_mod):
        found = run_graph(each, inputs, *weights.values())
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_every_shipped_file_is_of_a_known_name_and_applies_to_its_program():
    files = sorted(path.stem for path in records.SHIPPED.glob("*.json"))
    assert files
    assert set(files) <= set(choices())
    everything = CpuFeatures(avx2=True, avx512=True, vnni=True, neon=True)
    for name in files:
        model, _, batch = name.partition("_")
        is_model = model in workloads.MODELS
        mod = workloads.model_workload(model, int(batch)) if is_model else workloads.matmul_workload(name)
        log = apply_records(mod, records.shipped(name), everything)[1]
        assert {each.reason for each in log} <= {None, "no record"}, name
        assert any(each.record for each in log), name


def sources(record: Record) -> set[str]:
    """The files that the source positions of a record's program name."""
    return {node["data"] for node in json.loads(record.program)["nodes"] if node["type"] == "ir.SourceName"}


def test_a_record_names_no_folder_of_the_machine_it_was_made_on():
    assert sources(tuned(8, 2e-6, AVX2)) == {"programs.py"}
    for path in records.SHIPPED.glob("*.json"):
        for record in records.load(path):
            assert sources(record) <= {"programs.py"}, path.name


def test_a_shipped_schedule_computes_its_function():
    everything = CpuFeatures(avx2=True, avx512=True, vnni=True, neon=True)
    mod = workloads.matmul_workload("matmul_128")
    equivalent(apply_records(mod, records.shipped("matmul_128"), everything)[0], mod)


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(ValueError, match="got 'nothing', allowed"):
        records.shipped("nothing")
    with pytest.raises(ValueError, match="got 'nothing', allowed matmul_128"):
        tune("nothing", 1, tmp_path)
    with pytest.raises(ValueError, match="got 'matmul_3', allowed"):
        workloads.matmul_workload("matmul_3")
    with pytest.raises(ValueError, match="got 'rnn', allowed"):
        workloads.model_workload("rnn", 1)
