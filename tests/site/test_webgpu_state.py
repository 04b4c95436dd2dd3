"""Artefacts with a state run in a browser: what a run leaves behind is there for the next."""

import numpy as np
import pytest
from webgpu_state_model import remembering

from mlc_ref.webgpu.models import compile_model

pytestmark = pytest.mark.browser

RUN = """async ([source, inputs, repeats]) => {
  const { readArtefact } = await import("/_static/widgets/webgpu/artefact.js");
  const { openDevice } = await import("/_static/widgets/webgpu/device.js");
  const { Program } = await import("/_static/widgets/webgpu/program.js");
  const artefact = readArtefact(source);
  const at = (name) => artefact.tensors.findIndex((tensor) => tensor.name === name);
  const output = artefact.tensors.findIndex(({ role }) => role === "output");
  const program = await Program.create(await openDevice(), artefact);
  const found = [];
  try {
    for (const x of inputs) {
      program.write(at("x"), new Float32Array(x));
      await program.run(...repeats);
      found.push([await program.read(output), await program.read(at("position"))].map((values) => [...values]));
    }
    const cache = [...(await program.read(at("cache")))];
    let refused = null;
    try { program.write(at("position"), new Int32Array([8])); } catch (error) { refused = error.text; }
    return { found, cache, refused };
  } finally {
    program.destroy();
  }
}"""


def run(page, inputs: np.ndarray, *repeats: int) -> dict:
    artefact = compile_model(remembering(), "remembering", state=("position", "cache"), ranges={"position": (0, 7)})
    return page.evaluate(RUN, [artefact.to_json(), inputs.tolist(), list(repeats)])


def test_each_run_goes_on_from_what_the_last_one_left(open_piece):
    inputs = np.arange(12, dtype="float32").reshape(3, 4)
    seen = run(open_piece().page, inputs)
    assert [position for _, position in seen["found"]] == [[1], [2], [3]]
    assert np.array_equal([total for total, _ in seen["found"]], inputs.cumsum(axis=0))
    assert np.array_equal(np.reshape(seen["cache"], (8, 4)), [*inputs, *np.zeros((5, 4))])


def test_several_runs_in_one_submission_do_what_they_do_one_after_the_other(open_piece):
    inputs = np.ones((1, 4), dtype="float32")
    seen = run(open_piece().page, inputs, 5)
    assert seen["found"] == [[[5] * 4, [5]]]
    assert np.array_equal(np.reshape(seen["cache"], (8, 4)).sum(axis=1), [4] * 5 + [0] * 3)


def test_a_state_is_not_filled_with_what_its_range_excludes(open_piece):
    seen = run(open_piece().page, np.ones((1, 4), dtype="float32"))
    assert (
        seen["refused"]["en"]
        == "Element 0 of position is 8, but the kernels take whole numbers from 0 to 7: nothing has run."
    )
    assert "0 到 7" in seen["refused"]["zh"]
