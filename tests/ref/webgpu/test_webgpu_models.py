"""Whole models as artefacts: weights, memory plan, order of launches; and what labs hold."""

import base64
import gzip
import json
import re

import numpy as np
import pytest
from tvm.s_tir import Schedule, dlight
from webgpu_programs import library_model, masked_model

from mlc_ref.end_to_end.models import bind_weights, cnn_module
from mlc_ref.end_to_end.reference import cnn
from mlc_ref.end_to_end.weights import load_weights
from mlc_ref.gpu import programs, reference
from mlc_ref.gpu.schedules import transpose
from mlc_ref.gpu_sim import simulate
from mlc_ref.language import Text
from mlc_ref.webgpu import Unsupported, from_json, labs, webgpu_target
from mlc_ref.webgpu.labs import Measure, body_of, classifier, ladder, pack
from mlc_ref.webgpu.models import compile_model, scheduled_model


@pytest.fixture(scope="module")
def scheduled():
    return scheduled_model(bind_weights(cnn_module(1), load_weights("cnn")))


def test_a_model_launches_its_fused_programs_in_the_graphs_order(scheduled):
    artefact = compile_model(scheduled, "cnn")
    names = [artefact.kernels[launch.kernel].name for launch in artefact.launches]
    assert names == ["fused_conv2d_add_relu_kernel", "pool2d_kernel", "fused_matmul_add1_kernel"]
    assert [artefact.tensors[i].name for i in artefact.with_role("input")] == ["x"]
    assert [artefact.tensors[i].shape for i in artefact.with_role("output")] == [(1, 10)]


def test_weights_are_the_constants_bytes_in_order(scheduled):
    artefact = compile_model(scheduled, "cnn")
    weights = np.frombuffer(artefact.weights, "<f4")
    assert np.array_equal(weights, np.concatenate([w.ravel() for w in load_weights("cnn").values()]))
    assert from_json(artefact.to_json()) == artefact


def test_a_tensor_and_its_other_shape_share_their_storage(scheduled):
    tensors = {tensor.shape: tensor for tensor in compile_model(scheduled, "cnn").tensors}
    assert tensors[1, 8, 3, 3].storage == tensors[1, 72].storage


def test_tensors_whose_lives_do_not_meet_share_a_storage_as_tvm_plans():
    unfused = bind_weights(cnn_module(1), load_weights("cnn"))
    with webgpu_target():
        mod = dlight.ApplyDefaultSchedule(dlight.gpu.GeneralReduction(), dlight.gpu.Fallback())(unfused)
    artefact = compile_model(mod, "unfused")
    used = [tensor.storage for tensor in artefact.tensors if tensor.role == "temporary"]
    assert len(set(used)) < len(used) - 1


def test_bools_and_bytes_that_a_model_passes_on_lie_in_words():
    artefact = compile_model(masked_model(), "masked")
    tensors = {(tensor.dtype, tensor.role): tensor for tensor in artefact.tensors}
    for kind in (("bool", "temporary"), ("int8", "temporary"), ("int8", "constant")):
        assert artefact.storages[tensors[kind].storage] >= tensors[kind].bytes == 256
    assert np.frombuffer(artefact.weights, "<i4").tolist() == list(range(-64, 0))


def test_the_launches_compute_the_model_when_the_simulator_runs_them_one_by_one(scheduled):
    image = np.random.default_rng(0).random((1, 1, 8, 8), dtype="float32")
    w = load_weights("cnn")

    def run(entry: str, inputs: list, shape: tuple[int, ...]):
        made = [(shape, "float32")]
        return simulate(scheduled, inputs, made, entry=entry, target=webgpu_target()).outputs[0]

    conv = run("fused_conv2d_add_relu", [image, w["conv_w"], w["conv_b"].reshape(8, 1, 1)], (1, 8, 6, 6))
    pooled = run("pool2d", [conv], (1, 8, 3, 3))
    scores = run("fused_matmul_add1", [pooled.reshape(1, 72), w["w"], w["b"]], (1, 10))
    assert np.allclose(scores, cnn(image, w), atol=1e-4)


def test_no_kernel_stores_a_value_where_it_was_read(scheduled):
    lines = [line.strip() for kernel in compile_model(scheduled, "cnn").kernels for line in kernel.wgsl.splitlines()]
    assert [line for line in lines if (m := re.fullmatch(r"(\w+\[.*\]) = (.*);", line)) and m[1] == m[2]] == []


def test_a_library_call_and_a_symbolic_batch_are_refused_by_name():
    with pytest.raises(
        Unsupported, match=r"function main: got relax\.call_|call_packed|ExternFunc|allowed calls of tensor"
    ):
        compile_model(library_model(), "library")
    with pytest.raises(Unsupported, match=r"value x: got the symbolic shape \(n, .*\), allowed numbers"):
        compile_model(cnn_module(None), "any batch")


def test_packed_data_is_the_same_each_time_and_unpacks():
    value = {"a": [1, 2], "b": "中文"}
    assert pack(value) == pack(value)
    assert json.loads(gzip.decompress(base64.b64decode(pack(value)))) == value


def small_ladder(**changes):
    steps = {name: step(Schedule(programs.transpose(64, 64))) for name, step in transpose.LADDER.items()}
    counters = {"global_load_sectors+global_store_sectors": Text.code("sectors"), "barriers": Text.code("barriers")}
    return ladder("lab", steps, reference.transpose, counters, Measure(2 * 4 * 64 * 64, "GB/s"), **changes)


def test_a_ladder_holds_counters_in_the_open_and_programs_packed():
    data = small_ladder().data
    assert [step["name"] for step in data["steps"]] == list(transpose.LADDER)
    assert [step["counters"][1] for step in data["steps"]] == [0, 4, 4]
    packed = json.loads(gzip.decompress(base64.b64decode(data["packed"])))
    assert len(packed["artefacts"]) == len(packed["scripts"]) == 3
    assert packed["scripts"][0].startswith("@T.prim_func")
    assert "sectors" in small_ladder().fallback


def test_recorded_results_are_there_for_readers_without_a_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    assert small_ladder().data["recorded"] is None
    assert "took" not in small_ladder().fallback
    record = {"device": "d", "seconds": dict(zip(transpose.LADDER, (2.0, 0.5, 0.00125), strict=True))}
    (tmp_path / "lab.json").write_text(json.dumps(record))
    lab = small_ladder()
    assert lab.data["recorded"] == record
    assert "A run took 1.25–2,000 ms on d." in lab.fallback
    assert "在 d 上，一次运行用了 1.25–2,000 ms。" in lab.fallback


def test_times_of_a_device_in_software_stand_after_the_counters_and_are_called_so(tmp_path, monkeypatch):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    record = {"device": {"en": "d in software", "zh": "软件 d"}, "seconds": dict.fromkeys(transpose.LADDER, 2.0)}
    (tmp_path / "lab.json").write_text(json.dumps(record))
    text = small_ladder().fallback
    assert text.index("</table>") < text.index("2,000 ms on d in software. A CPU played the GPU there, so")
    assert "2,000" not in text[: text.index("</table>")]


def test_a_record_of_other_steps_is_not_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(labs, "RECORDS", tmp_path)
    (tmp_path / "lab.json").write_text('{"device": "d", "seconds": {"naive": 1.0}}')
    assert small_ladder().data["recorded"] is None


def test_a_step_that_computes_something_else_does_not_ship():
    steps = {"naive": transpose.naive(Schedule(programs.transpose(64, 64)))}
    with pytest.raises(ValueError, match="naive: the simulator computes something else than the reference"):
        ladder("lab", steps, lambda a: a, {}, Measure(1, "GB/s"))


def test_the_plain_table_of_a_classifier_has_an_answer_where_the_page_has_one(scheduled):
    scores = np.array([np.eye(11)[3] * 9, np.eye(11)[5], np.eye(11)[10] * 9])  # certain, uncertain, no digit
    widget = classifier("lab", scheduled, np.zeros((3, 64), "float32"), [3, 5, 7], scores)
    assert "<td>3</td><td>?</td><td>?</td></tr>" in widget.fallback


def test_a_classifier_names_each_launch_and_shows_its_program(scheduled):
    widget = classifier("lab", scheduled, np.zeros((2, 64), "float32"), [3, 5], np.eye(10)[[3, 5]])
    assert [kernel["name"] for kernel in widget.data["kernels"]][1] == "pool2d_kernel"
    packed = json.loads(gzip.decompress(base64.b64decode(widget.data["packed"])))
    assert 'T.sblock("pool_max_update")' in packed["scripts"][1]
    assert packed["scripts"][1] == body_of(scheduled, "pool2d")
