// A device that does not answer: the page stops waiting, says so, and opens the device anew.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { parseArtefact } from "../../chapters/_static/widgets/webgpu/artefact.js";
import { openDevice, PATIENCE_MS } from "../../chapters/_static/widgets/webgpu/device.js";
import { tryArtefact } from "../../chapters/_static/widgets/webgpu/trial.js";
import { artefact, fakeGpu } from "./webgpu_fakes.mjs";

const turn = () => new Promise((done) => setImmediate(done));

/** Runs an artefact while time stands still, until nothing moves any more; then lets the page's patience end. */
async function outOfPatience(work) {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let ended = false;
    const found = work().then((value) => ({ value }), (error) => ({ error })).finally(() => (ended = true));
    for (let i = 0; i < 50; i += 1) await turn();
    assert.equal(ended, false, "nothing to wait for");
    mock.timers.tick(PATIENCE_MS - 1);
    for (let i = 0; i < 50; i += 1) await turn();
    assert.equal(ended, false, "the page did not wait as long as it says");
    mock.timers.tick(1);
    return await found;
  } finally {
    mock.timers.reset();
  }
}

const said = {
  kernels: /^The kernels did not finish within 30 s\. Nothing can interrupt a GPU.* Press run again/,
  compiler: /^The browser did not compile the kernels within 30 s\./,
  opening: /^The browser did not open the device within 30 s\./,
};

for (const [name, hang, sentence] of [
  ["a kernel that does not end", (gpu) => (gpu.never.onSubmittedWorkDone = true), said.kernels],
  ["results that are never read", (gpu) => (gpu.never.mapAsync = true), said.kernels],
  ["a timed batch that does not end", (gpu) => (gpu.never.secondSubmit = true), said.kernels],
  ["a pipeline that is never made", (gpu) => (gpu.never.createComputePipelineAsync = true), said.compiler],
  ["text that is compiled for ever", (gpu) => (gpu.never.getCompilationInfo = true), said.compiler],
  ["a device that never opens", (gpu) => (gpu.never.requestDevice = true), said.opening],
]) {
  test(`${name} gets a time limit and a sentence, and the next run opens the device anew`, async () => {
    const gpu = await fakeGpu();
    hang(gpu);
    const { error } = await outOfPatience(() => tryArtefact(parseArtefact(artefact())));
    assert.equal(error.kind, "late");
    assert.match(error.text.en, sentence);
    assert.match(error.text.zh, /30 秒内.*不再等待/);
    const opened = gpu.opened.length;
    if (opened) assert.equal(gpu.opened[0].destroyed, true);
    gpu.never = {};
    assert.equal((await tryArtefact(parseArtefact(artefact()))).agrees, true);
    assert.equal(gpu.opened.length, opened + 1);
  });
}

test("others that wait for the device hear the same, and a late answer changes nothing", async () => {
  const gpu = await fakeGpu();
  gpu.never.onSubmittedWorkDone = true;
  const other = openDevice().then(({ lost }) => lost).catch((error) => error);
  const { error } = await outOfPatience(() => tryArtefact(parseArtefact(artefact())));
  assert.equal(await other, error);
  gpu.answerAll();
  await turn();
  assert.notEqual((await openDevice()).device, gpu.opened[0]);
});

test("work that ends in time is not cut off, however often the page waits", async () => {
  await fakeGpu();
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    assert.equal((await tryArtefact(parseArtefact(artefact()))).agrees, true);
    mock.timers.tick(10 * PATIENCE_MS);
    assert.equal((await openDevice()).isLost, false);
  } finally {
    mock.timers.reset();
  }
});
