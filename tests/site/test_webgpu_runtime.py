"""Artefacts run in a browser: on a device in software, with its faults made on purpose."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from tvm.s_tir import Schedule
from webgpu_programs import elementwise

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add
from mlc_ref.harness import error_bound
from mlc_ref.webgpu import Artefact, compile_kernels, simulated, with_reference
from mlc_ref.webgpu.compiling import inputs_of

pytestmark = pytest.mark.browser

RUN = """async ([source, options]) => {
  const { readArtefact } = await import("/_static/widgets/webgpu/artefact.js");
  const { tryArtefact } = await import("/_static/widgets/webgpu/trial.js");
  try {
    const { device, software, checks, agrees, outputs, timing } = await tryArtefact(readArtefact(source), options);
    const encode = (values) => btoa(String.fromCharCode(...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    return { device, software, checks, agrees, timing, outputs: outputs.map(encode) };
  } catch (error) {
    return { kind: error.kind ?? "unknown", text: error.text ?? String(error) };
  }
}"""
QUICK = {"timing": {"batches": 1, "batchMs": 1}}


def made(sch: Schedule, name: str = "program") -> tuple[Artefact, list[np.ndarray]]:
    artefact = compile_kernels(sch, name)
    outputs = simulated(sch.mod, artefact)
    return with_reference(artefact, outputs), outputs


def run(page, artefact: Artefact, **options):
    return page.evaluate(RUN, [artefact.to_json(), {**QUICK, **options}])


def output(result) -> np.ndarray:
    return np.frombuffer(base64.b64decode(result["outputs"][0]), "float32")


SAME_ORDER = {
    "add": lambda: vector_add.one_element_a_thread(Schedule(programs.vector_add(1000))),
    "add in vectors": lambda: vector_add.one_vector_a_thread(Schedule(programs.vector_add(1024))),
    "transpose": lambda: transpose.padded(Schedule(programs.transpose(64, 96))),
    "row sums": lambda: reduction.row_a_block(Schedule(programs.row_sum(8, 256))),
    "total in two kernels": lambda: reduction.two_kernels(Schedule(programs.total(1001))),
}


@pytest.mark.parametrize("name", SAME_ORDER)
def test_the_device_gives_the_simulators_bits_where_the_order_of_operations_is_the_same(open_piece, name: str):
    artefact, (expected,) = made(SAME_ORDER[name](), name)
    result = run(open_piece().page, artefact)
    assert result["agrees"], result
    assert output(result).tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", matmul.LADDER)
def test_products_agree_within_the_bound_of_their_sums(open_piece, name: str):
    # fma may round once where the simulator rounds twice, so the bits may differ.
    artefact, (expected,) = made(matmul.LADDER[name](Schedule(programs.matmul(40, 24, 16))), name)
    oracle = {"name": "matmul", "n": 40, "m": 24, "k": 16}
    result = run(open_piece().page, artefact, oracle=oracle)
    assert [check["against"] for check in result["checks"]] == ["reference", "javascript"]
    assert result["agrees"], result
    _, (a, b) = inputs_of(artefact)
    bound = 2 * error_bound(16) * (np.abs(a).astype("float64") @ np.abs(b).astype("float64"))
    assert (np.abs(output(result) - expected.ravel()) <= bound.ravel()).all()


def test_the_device_is_named_and_timed(open_piece):
    artefact, _ = made(SAME_ORDER["add"]())
    result = run(open_piece().page, artefact)
    assert "swiftshader" in result["device"].lower()
    assert result["software"]
    assert result["timing"]["clock"] == "timestamp-query"
    assert result["timing"]["seconds"] > 0


def test_without_timestamps_the_pages_clock_is_used(open_piece):
    before = """const has = GPUSupportedFeatures.prototype.has;
      GPUSupportedFeatures.prototype.has = function (name) { return name !== "timestamp-query" && has.call(this, name); };"""
    artefact, _ = made(SAME_ORDER["add"]())
    result = run(open_piece(before=before).page, artefact)
    assert result["timing"]["clock"] == "wall"
    assert result["timing"]["seconds"] > 0


def test_a_wrong_result_is_noticed_and_not_timed(open_piece):
    artefact, (expected,) = made(SAME_ORDER["add"]())
    wrong = expected.copy()
    wrong[517] += 0.5
    result = run(open_piece().page, with_reference(artefact, [wrong]))
    assert not result["agrees"]
    assert (result["checks"][0]["wrong"], result["checks"][0]["first"]) == (1, 517)
    assert result["timing"] is None


@pytest.mark.parametrize(
    "before",
    [
        'Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });',
        "GPU.prototype.requestAdapter = async () => null;",
    ],
    ids=["no WebGPU", "no adapter"],
)
def test_without_a_device_the_reader_is_told_so(open_piece, before: str):
    artefact, _ = made(SAME_ORDER["add"]())
    result = run(open_piece(before=before).page, artefact)
    assert result["kind"] == "none"
    assert "WebGPU" in result["text"]["en"]
    assert "WebGPU" in result["text"]["zh"]


def test_a_feature_the_device_lacks_is_named(open_piece):
    before = """const has = GPUSupportedFeatures.prototype.has;
      GPUSupportedFeatures.prototype.has = function (name) { return name !== "shader-f16" && has.call(this, name); };"""
    mod = elementwise(64, "float16")
    artefact = compile_kernels(mod, "half", features=["shader-f16"])
    artefact = with_reference(artefact, inputs_of(artefact)[1])
    result = run(open_piece(before=before).page, artefact)
    assert result["kind"] == "feature"
    assert "needs the feature shader-f16" in result["text"]["en"]


LOSE_ONCE = """const submit = GPUQueue.prototype.submit, request = GPUAdapter.prototype.requestDevice;
  let device = null, submits = 0;
  GPUAdapter.prototype.requestDevice = async function (...args) { return (device = await request.apply(this, args)); };
  GPUQueue.prototype.submit = function (...args) { if (++submits === 2) device.destroy(); return submit.apply(this, args); };"""


def test_a_lost_device_is_reported_and_the_next_run_opens_it_anew(open_piece):
    artefact, _ = made(SAME_ORDER["add"]())
    page = open_piece(before=LOSE_ONCE).page
    lost = run(page, artefact)
    assert lost["kind"] == "lost"
    assert "Press run again" in lost["text"]["en"]
    assert run(page, artefact)["agrees"]


@pytest.mark.console_errors
@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda wgsl: wgsl.replace("A_ptr[", "A_missing["), "wgsl", "does not compile kernel main_kernel, line"),
        (lambda wgsl: wgsl.replace("fn main_kernel", "fn other"), "device", "refuses the program"),
        (lambda wgsl: "while (true) {", "wgsl", "does not compile"),
    ],
    ids=["unknown name", "no entry", "not a program"],
)
def test_text_that_is_no_kernel_is_refused_by_the_browser_and_reported(open_piece, change, kind: str, message: str):
    artefact, _ = made(SAME_ORDER["add"]())
    kernel = replace(artefact.kernels[0], wgsl=change(artefact.kernels[0].wgsl))
    result = run(open_piece().page, replace(artefact, kernels=(kernel,)))
    assert result["kind"] == kind
    assert message in result["text"]["en"]


def test_a_corrupted_artefact_never_reaches_the_device(open_piece):
    artefact, _ = made(SAME_ORDER["add"]())
    data = json.loads(artefact.to_json())
    data["launches"][0]["grid"] = [65535, 65535, 65535]
    page = open_piece(before="GPU.prototype.requestAdapter = () => { throw new Error('asked'); };").page
    result = page.evaluate(RUN, [json.dumps(data), QUICK])
    assert result["kind"] == "artefact"
    assert "launches[0].grid" in result["text"]["en"]
