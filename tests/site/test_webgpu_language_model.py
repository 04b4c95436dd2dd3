"""The decoder's step in a browser: the words it writes are those of the decoder in float64."""

from dataclasses import replace

import numpy as np
import pytest

from mlc_ref.language_models.config import SMALL
from mlc_ref.language_models.numpy_model import logits, random_weights
from mlc_ref.language_models.page import step_artefact
from mlc_ref.language_models.page.int8 import quantized

pytestmark = pytest.mark.browser

CONFIG = replace(SMALL, ffn=64, length=24)
RUN = """async ([source, prompt, choice, pieces]) => {
  const { readArtefact } = await import("/_static/widgets/webgpu/artefact.js");
  const { openDevice } = await import("/_static/widgets/webgpu/device.js");
  const { Program } = await import("/_static/widgets/webgpu/program.js");
  const artefact = readArtefact(source);
  const at = (name) => artefact.tensors.findIndex((tensor) => tensor.name === name);
  const program = await Program.create(await openDevice(), artefact);
  try {
    const tokens = new Int32Array(choice.length);
    tokens.set(prompt);
    program.write(at("tokens"), tokens);
    program.write(at("position"), new Int32Array([0]));
    program.write(at("given"), new Int32Array([prompt.length]));
    program.write(at("choice"), new Float32Array(choice));
    const logits = [];
    for (const steps of pieces) {
      await program.run(steps);
      logits.push([...(await program.read(artefact.tensors.findIndex(({ role }) => role === "output")))]);
    }
    return { tokens: [...(await program.read(at("tokens")))], position: [...(await program.read(at("position")))], logits };
  } finally {
    program.destroy();
  }
}"""
WRITE = """async ([source, options]) => {
  const { readArtefact } = await import("/_static/widgets/webgpu/artefact.js");
  const { openDevice } = await import("/_static/widgets/webgpu/device.js");
  const { Program } = await import("/_static/widgets/webgpu/program.js");
  const { uniformNumbers, Writer } = await import("/_static/widgets/webgpu/writer.js");
  const program = await Program.create(await openDevice(), readArtefact(source));
  try {
    const writer = new Writer(program);
    const told = [];
    const done = await writer.write({ ...options, until: -1, told: (fresh) => told.push(...fresh) });
    return { ...done, told, logits: [...(await writer.logits())], uniform: [...uniformNumbers(options.seed, writer.length)] };
  } finally {
    program.destroy();
  }
}"""
WEIGHTS = random_weights(CONFIG, seed=3)
HELD = {name: quantized(each).dequantized() if each.ndim == 2 else each for name, each in WEIGHTS.items()}
PROMPT = [1, 30, 7, 7, 12]


def run(page, choice: np.ndarray, pieces: list[int]) -> dict:
    source = step_artefact(CONFIG, WEIGHTS, "small").to_json()
    return page.evaluate(RUN, [source, PROMPT, choice.tolist(), pieces])


def test_the_most_probable_words_and_every_logit_are_those_of_float64(open_piece):
    seen = run(open_piece().page, np.zeros(CONFIG.length + 1), [1] * 12)
    assert seen["position"] == [12]
    wanted = logits(CONFIG, HELD, seen["tokens"][:12])
    assert np.abs(np.array(seen["logits"]) - wanted).max() < 1e-4
    assert seen["tokens"][:5] == PROMPT
    assert seen["tokens"][5:13] == wanted[4:].argmax(axis=1).tolist()


def test_a_seeded_choice_takes_the_word_in_whose_share_the_number_falls(open_piece):
    choice = np.append(np.random.default_rng(5).random(CONFIG.length), 1.5)
    seen = run(open_piece().page, choice, [5, 8])
    wanted = logits(CONFIG, HELD, seen["tokens"][:13])
    chances = np.exp((wanted - wanted.max(axis=1, keepdims=True)) / 1.5)
    shares = (chances / chances.sum(axis=1, keepdims=True)).cumsum(axis=1)
    expected = [int((shares[p] < choice[p]).sum()) for p in range(4, 13)]
    assert seen["tokens"][5:14] == expected
    assert len(set(expected)) > 3


def test_further_steps_leave_the_words_of_a_full_text_as_they_are(open_piece):
    page = open_piece().page
    full, further = (run(page, np.zeros(CONFIG.length + 1), [steps]) for steps in (CONFIG.length, CONFIG.length + 9))
    assert full["position"] == further["position"] == [CONFIG.length - 1]
    assert full["tokens"] == further["tokens"]


def test_the_writer_takes_the_words_of_a_seed_in_submissions_of_any_size(open_piece):
    source = step_artefact(CONFIG, WEIGHTS, "small").to_json()
    seen = open_piece().page.evaluate(WRITE, [source, {"prompt": PROMPT, "temperature": 1.0, "seed": 11}])
    assert (seen["ended"], seen["steps"], len(seen["tokens"])) == ("length", CONFIG.length - 1, CONFIG.length)
    assert seen["tokens"] == PROMPT + seen["told"]
    wanted = logits(CONFIG, HELD, seen["tokens"][:-1])
    assert np.abs(np.array(seen["logits"]) - wanted[-1]).max() < 1e-4
    chances = np.exp(wanted - wanted.max(axis=1, keepdims=True))
    shares = (chances / chances.sum(axis=1, keepdims=True)).cumsum(axis=1)
    expected = [int((shares[p] < seen["uniform"][p]).sum()) for p in range(len(PROMPT) - 1, CONFIG.length - 1)]
    assert seen["told"] == expected
