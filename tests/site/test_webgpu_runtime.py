"""Artefacts run in a browser: on a device in software, with its faults made on purpose."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tvm import IRModule
from tvm.s_tir import Schedule
from webgpu_programs import (
    BYTE_STEPS,
    byte_step,
    elementwise,
    gather,
    looked_up,
    masked_bytes,
    masked_model,
    scaled_int64,
)

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import matmul, reduction, transpose, vector_add
from mlc_ref.harness import error_bound
from mlc_ref.webgpu import Artefact, compile_kernels, simulated, with_reference
from mlc_ref.webgpu.compiling import inputs_of
from mlc_ref.webgpu.models import compile_model

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


def made(sch: Schedule | IRModule, name: str = "program", **options) -> tuple[Artefact, list[np.ndarray]]:
    artefact = compile_kernels(sch, name, **options)
    outputs = simulated(sch.mod if isinstance(sch, Schedule) else sch, artefact)
    return with_reference(artefact, outputs), outputs


def run(page, artefact: Artefact, **options):
    return page.evaluate(RUN, [artefact.to_json(), {**QUICK, **options}])


def output(result, dtype: str = "float32", number: int = 0) -> np.ndarray:
    return np.frombuffer(base64.b64decode(result["outputs"][number]), dtype)


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


BYTES_IN_NUMPY: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "least": np.minimum,
    "quotient": lambda a, b: a // np.maximum(b, 3),
    "remainder": lambda a, b: a % np.maximum(b, 3),
    "bits": lambda a, b: (a & b) ^ (a | 5),
    "shifted": lambda a, b: (a << 3) + (b >> 2),
    "chosen": lambda a, b: np.where(a < b, a, b * b),
    "narrowed": lambda a, b: a.astype("int32") * 1000 + b,
    "of a float": lambda a, b: np.maximum(a * 0.5, 0),
    "wider": lambda a, b: (a + b).astype("int32") * 2 > b,
}


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
def test_arithmetic_of_bytes_gives_numpys_bytes_on_the_device(open_piece, dtype: str):
    page = open_piece().page
    assert list(BYTES_IN_NUMPY) == list(BYTE_STEPS)
    for name, step in BYTES_IN_NUMPY.items():
        artefact, _ = made(byte_step(name, dtype), name)
        _, (a, b) = inputs_of(artefact)
        result = run(page, artefact, timed=False)
        assert result["agrees"], (name, result)
        word = "int32" if dtype == "int8" else "uint32"
        assert np.array_equal(output(result, word), step(a, b).astype(dtype)), name


def test_masks_and_bytes_give_numpys_results_on_the_device(open_piece):
    artefact, _ = made(masked_bytes())
    _, (mask, given) = inputs_of(artefact)
    result = run(open_piece().page, artefact)
    assert result["agrees"], result
    wrapped = given + np.int8(100)
    assert np.array_equal(output(result), np.where(mask, given, 0))
    assert np.array_equal(output(result, "int32", 1), wrapped)
    assert np.array_equal(output(result, "uint32", 2), wrapped < 0)


def test_a_model_that_passes_bools_and_bytes_on_gives_numpys_results_on_the_device(open_piece):
    artefact = compile_model(masked_model(), "masked")
    _, (x,) = inputs_of(artefact)
    scaled = x * np.float32(100)
    expected = np.where(scaled > 0, scaled.astype("int8"), np.arange(-64, 0)).astype("float32")
    result = run(open_piece().page, with_reference(artefact, [expected]))
    assert result["agrees"], result
    assert np.array_equal(output(result), expected)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint32", "int8", "uint8"])
def test_a_gather_gives_numpys_rows_on_the_device(open_piece, dtype: str):
    artefact, _ = made(gather(dtype))
    _, (ids, table) = inputs_of(artefact)
    result = run(open_piece().page, artefact)
    assert result["agrees"], result
    assert np.array_equal(output(result).reshape(64, 8), table[ids.astype("int64")])


def test_indices_that_a_program_brings_into_bounds_give_numpys_results_on_the_device(open_piece):
    page = open_piece().page
    for name, stated in (("negative", None), ("clipped", (-200, 200)), ("remainder", (-(2**31), 2**31 - 1))):
        artefact, _ = made(looked_up(name), name, ranges=stated and {"ids": stated})
        _, (ids, table) = inputs_of(artefact)
        place = np.clip(ids, 0, 99) if name == "clipped" else ids.astype("int64") % 100
        result = run(page, artefact, timed=False)
        assert result["agrees"], (name, result)
        assert np.array_equal(output(result), table[place]), name


def test_int64_that_fits_gives_numpys_results_on_the_device(open_piece):
    span = (-2_000_000, 2_000_000)
    artefact, _ = made(scaled_int64(1000), ranges={"A": span})
    _, (a,) = inputs_of(artefact)
    result = run(open_piece().page, artefact)
    assert result["agrees"], result
    assert np.array_equal(output(result, "int32"), a * 1000 - np.arange(64))
    assert np.abs(a).max() > 2**20


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
