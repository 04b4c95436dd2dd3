// What a program does with values it was not compiled for.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseArtefact } from "../../chapters/_static/widgets/webgpu/artefact.js";
import { openDevice } from "../../chapters/_static/widgets/webgpu/device.js";
import { Program } from "../../chapters/_static/widgets/webgpu/program.js";
import { artefact, fakeGpu } from "./webgpu_fakes.mjs";

/** A program whose input takes `range`, on a fake device; what was written before it is forgotten. */
async function program(dtype, range) {
  const gpu = await fakeGpu();
  const data = { ...artefact(), version: 2, reference: null };
  data.tensors = data.tensors.map((tensor) => ({ ...tensor, range: null }));
  Object.assign(data.tensors[0], { name: "ids", dtype, range });
  const made = await Program.create(await openDevice(), parseArtefact(data));
  gpu.written.length = 0;
  return { gpu, made };
}

for (const [dtype, range, values, at, allowed] of [
  ["int32", [0, 99], Int32Array.of(0, 99, 100, 7), 2, "0 to 99"],
  ["int32", [0, 99], Int32Array.of(-1, 0, 0, 0), 0, "0 to 99"],
  ["int64", [-5, 5], Int32Array.of(5, -5, 6, -6), 2, "-5 to 5"],
  ["int8", null, Int32Array.of(127, -128, 0, -129), 3, "-128 to 127"],
  ["bool", null, Uint32Array.of(0, 1, 2, 1), 2, "0 to 1"],
  ["int32", [0, 99], Float32Array.of(0, NaN, 1, 2), 1, "0 to 99"],
]) {
  test(`${values} is refused for ${dtype} within ${allowed}, in one sentence, before anything runs`, async () => {
    const { gpu, made } = await program(dtype, range);
    const submits = gpu.submits;
    assert.throws(() => made.write(0, values), ({ kind, text }) => {
      assert.equal(kind, "range");
      assert.equal(text.en, `Element ${at} of ids is ${values[at]}, but the kernels take whole numbers from ${allowed}: nothing has run.`);
      assert.equal(text.zh, `ids 的第 ${at} 个元素是 ${values[at]}，而内核只接受 ${allowed.replace(" to ", " 到 ")} 的整数：没有运行任何内核。`);
      return true;
    });
    assert.deepEqual([gpu.written.length, gpu.submits], [0, submits]);
  });
}

for (const [dtype, range, values] of [
  ["int32", [0, 99], Int32Array.of(0, 99, 50, 7)], ["int32", null, Int32Array.of(2 ** 31 - 1, -(2 ** 31), 0, 1)], ["float32", null, Float32Array.of(1e30, NaN, 0, 0)],
]) {
  test(`${values} is taken for ${dtype}`, async () => {
    const { gpu, made } = await program(dtype, range);
    made.write(0, values);
    assert.deepEqual(new Uint8Array(values.buffer), gpu.written[0]);
  });
}
