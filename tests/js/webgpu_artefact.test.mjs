// Artefacts are read as data that may be hostile: what is wrong is refused, with the field's name.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LIMITS, parseArtefact, readArtefact } from "../../chapters/_static/widgets/webgpu/artefact.js";
import { unpack } from "../../chapters/_static/widgets/webgpu/unpack.js";

const good = () => ({
  format: "mlc-webgpu", version: 1, name: "add", storages: [16, 16, 16], features: [], weights: "",
  tensors: ["A", "B", "C"].map((name, storage) => ({ name, shape: [4], dtype: "float32", role: name === "C" ? "output" : "input", storage })),
  kernels: [{ name: "main_kernel", block: [4, 1, 1], shared_bytes: 0, access: ["read", "read", "read_write"], wgsl: "fn main_kernel() {}\n" }],
  launches: [{ kernel: 0, grid: [1, 1, 1], tensors: [0, 1, 2], uniform: [0] }],
  reference: {
    inputs: [{ tensor: 0, seed: 1 }, { tensor: 1, seed: 2 }],
    outputs: [{ tensor: 2, kind: "values", data: "AACAPwAAAEAAAEBAAACAQA==", tolerance: 0.1 }],
  },
});

/** The good artefact with one field changed: broken("kernels.0.block", [0, 1, 1]). */
function broken(path, value) {
  const data = good();
  const keys = path.split(".");
  const last = keys.pop();
  keys.reduce((at, key) => at[key], data)[last] = value;
  return data;
}

test("an artefact is read and frozen", () => {
  const artefact = parseArtefact(good());
  assert.equal(artefact.tensors[2].bytes, 16);
  assert.deepEqual([...artefact.reference.outputs[0].data], [1, 2, 3, 4]);
  assert.throws(() => { artefact.name = "other"; }, TypeError);
  assert.throws(() => artefact.storages.push(4), TypeError);
});

for (const [path, value] of [
  ["format", "other"], ["version", 3], ["name", "x".repeat(LIMITS.name + 1)], ["name", "a\u0000b"],
  ["storages", [16, 16, 2 ** 40]], ["storages", [16, 16, 18]], ["storages", "many"], ["storages", [16, 16, -16]], ["storages", [16, 16, "16"]],
  ["tensors.0.shape", [2 ** 30, 2 ** 30]], ["tensors.0.shape", [0]], ["tensors.0.shape", [1.5]], ["tensors.0.dtype", "float64"],
  ["tensors.0.dtype", "__proto__"], ["tensors.0.role", "owner"], ["tensors.0.storage", 3], ["tensors.0.storage", -1],
  ["kernels.0.block", [257, 1, 1]], ["kernels.0.block", [16, 17, 1]], ["kernels.0.block", [1, 1, 65]], ["kernels.0.block", [1, 1]],
  ["kernels.0.name", "a b"], ["kernels.0.wgsl", "x".repeat(LIMITS.wgsl + 1)], ["kernels.0.wgsl", 7], ["kernels.0.shared_bytes", 16385],
  ["kernels.0.access", ["read", "read", "write"]], ["kernels.0.access", Array(9).fill("read")],
  ["launches", []], ["launches", Array(LIMITS.parts + 1).fill({})], ["launches.0.kernel", 1], ["launches.0.grid", [65536, 1, 1]],
  ["launches.0.grid", [65535, 65535, 1]], ["launches.0.tensors", [0, 1]], ["launches.0.tensors", [0, 2, 2]], ["launches.0.uniform", []],
  ["launches.0.uniform", [2 ** 32]], ["features", ["shader-f16", "shader-f16"]], ["features", ["subgroups"]],
  ["weights", "AAAA"], ["weights", "not base64!"], ["reference.inputs.0.tensor", 2], ["reference.outputs.0.tensor", 0],
  ["reference.outputs.0.tolerance", -1], ["reference.outputs.0.tolerance", NaN], ["reference.outputs.0.data", "AAA="], ["reference.outputs.0.kind", "hope"],
]) {
  test(`refused: ${path} = ${String(JSON.stringify(value)).slice(0, 40)}`, () => {
    assert.throws(() => parseArtefact(broken(path, value)), (error) => error.kind === "artefact" && /cannot be used/.test(error.text.en) && /无法使用/.test(error.text.zh));
  });
}

/** The good artefact in version 2, its first input of a type with a range. */
function ranged(dtype, range, tensor = 0) {
  const data = { ...good(), version: 2 };
  data.tensors = data.tensors.map((each) => ({ ...each, range: null }));
  Object.assign(data.tensors[tensor], { dtype, range });
  return data;
}

test("tensors say which values they take, since version 2", () => {
  assert.deepEqual(parseArtefact(ranged("int32", [0, 99])).tensors.map(({ range }) => range), [[0, 99], null, null]);
  for (const dtype of ["bool", "uint8", "int8", "int64"]) assert.equal(parseArtefact(ranged(dtype, null)).tensors[0].bytes, 16);
  assert.equal(parseArtefact(good()).tensors[0].range, null);
  assert.throws(() => parseArtefact({ ...good(), version: 2 }), /tensors\[0\]: got no range/);
  assert.throws(() => parseArtefact({ ...ranged("int32", null), version: 1 }), /tensors\[0\]: got "range"/);
});

for (const [dtype, range, tensor] of [
  ["int32", [5, 4]], ["int32", [0, 2 ** 31]], ["int64", [0, 2 ** 31]], ["uint32", [-1, 0]], ["int8", [0, 128]], ["bool", [0, 2]], ["float32", [0, 1]],
  ["int32", [0]], ["int32", [0, 1, 2]], ["int32", [0.5, 1]], ["int32", "0 to 1"], ["int32", {}], ["int32", [0, 1], 2], ["int16", null],
]) {
  test(`refused: the range ${JSON.stringify(range)} of ${dtype}`, () => {
    assert.throws(() => parseArtefact(ranged(dtype, range, tensor)), (error) => error.kind === "artefact" && /tensors\[\d\]/.test(error.text.en));
  });
}

test("a field nobody knows and a field that is missing are refused by name", () => {
  assert.throws(() => parseArtefact({ ...good(), script: "alert(1)" }), /got "script"/);
  const data = good();
  delete data.kernels[0].wgsl;
  assert.throws(() => parseArtefact(data), /kernels\[0\]: got no wgsl/);
  assert.throws(() => parseArtefact(JSON.parse('{"__proto__": {"format": "mlc-webgpu"}}')), /got "__proto__"/);
});

for (const value of [null, 7, "text", [], true]) {
  test(`an artefact is an object, not ${JSON.stringify(value)}`, () => assert.throws(() => parseArtefact(value), /cannot be used/));
}

test("a file must be JSON, and not too long", () => {
  assert.throws(() => readArtefact("function () {}"), /allowed JSON/);
  assert.throws(() => readArtefact(" ".repeat(LIMITS.fileBytes + 1)), /bytes, allowed ≤/);
  assert.equal(readArtefact(JSON.stringify(good())).name, "add");
});

const packed = async (text) => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString("base64");
};

test("packed data is unpacked, and never beyond its limit", async () => {
  assert.deepEqual(await unpack(await packed('{"a": "中文"}')), { a: "中文" });
  await assert.rejects(packed(`"${"x".repeat(100_000)}"`).then((text) => unpack(text, 50_000)), /larger than 50000 bytes/);
});

test("an artefact without a reference says so before a device is asked for", async () => {
  const { tryArtefact } = await import("../../chapters/_static/widgets/webgpu/trial.js");
  const artefact = parseArtefact({ ...good(), reference: null });
  await assert.rejects(tryArtefact(artefact), (error) => {
    assert.equal(error.kind, "reference");
    assert.match(error.text.en, /^add: the file says neither/);
    assert.match(error.text.zh, /export_webgpu/);
    return true;
  });
});
