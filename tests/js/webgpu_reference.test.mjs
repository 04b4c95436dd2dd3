// Recipes and judgements: the page computes what mlc_ref.webgpu.reference computes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { secondOpinion } from "../../chapters/_static/widgets/webgpu/oracles.js";
import { compare, groupSums, halfFromBits, hash, judge, numbers, recipe } from "../../chapters/_static/widgets/webgpu/reference.js";

test("hashes and sums are those of Python", () => {
  // The same numbers stand in tests/ref/webgpu/test_webgpu.py.
  assert.deepEqual([0, 1, 2].map((i) => hash(i, 1)), [33350994, 2672842292, 127880910]);
  const sums = groupSums(Array.from({ length: 130 }, (_, i) => i));
  [2029.8441927433014, 6077.277749657631, 312.7464618086815].forEach((sum, i) => assert.ok(Math.abs(sums[i] - sum) < 1e-9));
});

test("float32 recipes fill -1 to 1, integers 0 to 255", () => {
  const floats = recipe({ elements: 1000, dtype: "float32" }, 1);
  assert.ok(Math.min(...floats) < -0.9 && Math.max(...floats) < 1);
  assert.equal(floats[0], 33350994 / 2 ** 31 - 1 - (33350994 % 256) / 2 ** 31);
  const whole = recipe({ elements: 1000, dtype: "int32" }, 1);
  assert.ok(whole.every((value) => Number.isInteger(value) && value >= 0 && value < 256));
});

// The same file is read by tests/ref/webgpu/test_webgpu_ranges.py.
for (const { dtype, range, values } of JSON.parse(readFileSync(new URL("recipes.json", import.meta.url)))) {
  test(`${dtype} recipes within ${range ?? "no range"} are those of Python`, () => {
    assert.deepEqual([...recipe({ elements: 6, dtype, range }, 3)], values);
  });
}

test("integers are compared exactly, also where float32 would round them", () => {
  const expected = { kind: "integers", data: Float64Array.of(2 ** 24 + 1, -(2 ** 31)), tolerance: 1e-4 };
  assert.equal(judge(expected, Int32Array.of(2 ** 24 + 1, -(2 ** 31))).agrees, true);
  assert.equal(judge(expected, Int32Array.of(2 ** 24, -(2 ** 31))).first, 0);
  assert.deepEqual([...numbers({ elements: 2, dtype: "int8" }, Int32Array.of(-3, 4).buffer)], [-3, 4]);
});

test("float16 recipes are the numbers their bits mean", () => {
  const bits = recipe({ elements: 500, dtype: "float16" }, 2);
  bits.forEach((half, i) => assert.equal(halfFromBits(half), (hash(i, 2) >>> 21) / 1024 - 1));
  assert.deepEqual([...numbers({ elements: 2, dtype: "float16" }, new Uint16Array([0x3c00, 0xc000]).buffer)], [1, -2]);
  assert.deepEqual([0x7c00, 0xfc00, 0x0001].map(halfFromBits), [Infinity, -Infinity, 2 ** -24]);
  assert.ok(Number.isNaN(halfFromBits(0x7e00)));
});

test("a comparison says how many differ, which first, and by how much", () => {
  assert.deepEqual(compare([1, 2, 3.5], [1, 2, 3], 0.1), { agrees: false, wrong: 1, first: 2, error: 0.5, got: 3.5, wanted: 3 });
  assert.equal(compare([NaN], [0], 10).agrees, false);
  assert.equal(compare([1], [1, 2], 10).agrees, false);
  assert.equal(compare([1, 2], [1, 2], 0).agrees, true);
});

test("sums notice what values would", () => {
  const right = Array.from({ length: 200 }, (_, i) => Math.sin(i));
  const expected = { kind: "sums", data: groupSums(right), tolerance: 1e-6 };
  assert.equal(judge(expected, right).agrees, true);
  assert.equal(judge(expected, Object.assign([...right], { 70: right[70] + 0.01 })).first, 1);
  assert.equal(judge(expected, Object.assign([...right], { 0: right[1], 1: right[0] })).agrees, false);
});

test("the second opinion is plain JavaScript, and only for sizes it can manage", () => {
  assert.deepEqual([...secondOpinion({ name: "matmul", n: 2, m: 2, k: 2 }, [[1, 2, 3, 4], [5, 6, 7, 8]])], [19, 22, 43, 50]);
  assert.deepEqual([...secondOpinion({ name: "transpose", n: 2, m: 3 }, [[1, 2, 3, 4, 5, 6]])], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual([...secondOpinion({ name: "vector_add", n: 2 }, [[1, 2], [3, 4]])], [4, 6]);
  assert.equal(secondOpinion({ name: "matmul", n: 4096, m: 4096, k: 4096 }, []), null);
  assert.equal(secondOpinion({ name: "constructor" }, []), null);
  assert.equal(secondOpinion(null, []), null);
});
