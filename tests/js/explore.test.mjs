// The schedule explorer's logic: packed orders, the model cache, the difference of two nests.
import assert from "node:assert/strict";
import { test } from "node:test";

import { elementName, gridOf, mixed, moments, stateAt, stepAfterKey, unpack } from "../../chapters/_static/widgets/explore_model.js";

test("packed numbers are second differences at a distance, with runs of zeros counted", () => {
  assert.deepEqual(unpack([1, 5, 1, 1]), [0, 1, 2, 3, 4]);
  assert.deepEqual(unpack([2, 6, 0, 7, 0, 1, 0, -7, 0, -1]), [7, 1, 7, 1, 7, 1]);
  assert.deepEqual(unpack([1, 3]), [0, 0, 0]);
  assert.deepEqual(unpack([1, 0]), []);
});

// x[0] and x[1] are read together, then y[0] and y[1] are written together.
const order = { total: 4, codes: [4, 4, 2, 3, 0, 3], elements: [4, 4, 1, 1, 1, 1], joined: [4, 4, 1, 1, 1, 1] };
const buffers = [["x", [64], 4, "global"], ["y", [64], 4, "global"]];

test("what happens together is one moment", () => {
  assert.deepEqual(moments(order), [
    [{ buffer: 0, element: 0, store: false }, { buffer: 0, element: 1, store: false }],
    [{ buffer: 1, element: 0, store: true }, { buffer: 1, element: 1, store: true }],
  ]);
});

test("before the first moment nothing is touched, and after the last everything was", () => {
  const list = moments(order);
  const start = stateAt(list, buffers, 256, 0);
  assert.deepEqual([start.now, start.touched.map((set) => set.size), start.fetched], [[], [0, 0], 0]);
  const end = stateAt(list, buffers, 256, 2);
  assert.deepEqual([end.touched.map((set) => set.size), end.fetched, [...end.lines]], [[2, 2], 2, ["0:0", "1:0"]]);
  assert.equal(end.now[0].store, true);
});

const reads = (...elements) => elements.map((element) => [{ buffer: 0, element, store: false }]);

test("the line that was not used for longest leaves first", () => {
  // Lines 0, 1, 0, 2 in a cache of two: line 1 leaves.
  const state = stateAt(reads(0, 16, 1, 32), buffers, 128, 4);
  assert.deepEqual([...state.lines], ["0:0", "0:2"]);
  assert.equal(state.fetched, 3);
});

test("going back in time shows the earlier state", () => {
  const list = reads(0, 16, 32);
  stateAt(list, buffers, 64, 3);
  assert.deepEqual([...stateAt(list, buffers, 64, 1).lines], ["0:0"]);
});

test("without a cache no line is kept", () => {
  const state = stateAt(reads(0, 16), buffers, null, 2);
  assert.deepEqual([state.lines.size, state.fetched, state.touched[0].size], [0, 0, 2]);
});

test("a matrix is drawn as it is, anything else in the order of memory", () => {
  assert.deepEqual(gridOf([8, 16]), [8, 16]);
  assert.deepEqual(gridOf([64]), [4, 16]);
  assert.deepEqual(gridOf([5]), [1, 5]);
  assert.deepEqual(gridOf([1, 16]), [1, 16]);
  assert.deepEqual(gridOf([2, 16, 8]), [16, 16]);
  assert.deepEqual(gridOf([1024]), [16, 64]);
});

test("an element is named by its index", () => {
  assert.equal(elementName(["B", [4, 16, 2], 4, "global"], 37), "B[1, 2, 1]");
  assert.equal(elementName(["x", [64], 4, "global"], 63), "x[63]");
});

test("lines that went away stand before those that came in their place", () => {
  const before = [0, 1, 2];
  const step = { nest: [0, 3, 4, 2], gone: [1], new: [1, 2] };
  assert.deepEqual(mixed(before, step, true).map(({ number, mark }) => `${number}${mark}`), ["0", "1gone", "3new", "4new", "2"]);
  assert.deepEqual(mixed(before, step, false).map(({ number }) => number), step.nest);
});

test("the beginning has no difference to anything", () => {
  const step = { nest: [0, 1], gone: [], new: [] };
  assert.deepEqual(mixed([], step, true).map(({ number, mark }) => `${number}${mark}`), ["0", "1"]);
});

test("arrows walk through the steps and stop at both ends; other keys mean nothing", () => {
  assert.equal(stepAfterKey("ArrowRight", 0, 3), 1);
  assert.equal(stepAfterKey("ArrowRight", 2, 3), 2);
  assert.equal(stepAfterKey("ArrowLeft", 0, 3), 0);
  assert.equal(stepAfterKey("End", 0, 3), 2);
  assert.equal(stepAfterKey("Home", 2, 3), 0);
  assert.equal(stepAfterKey("a", 1, 3), null);
});
