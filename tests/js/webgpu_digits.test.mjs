// Drawn digits as images, and the network in plain JavaScript; numbers for people.
import assert from "node:assert/strict";
import { test } from "node:test";

import { imageOf, networkInJavaScript, normalised, shares } from "../../chapters/_static/widgets/webgpu/digits.js";
import { brief, digits, duration, rate } from "../../chapters/_static/widgets/webgpu/numbers.js";

const line = [[[0.4, 0.2], [0.4, 0.8]]];

test("a stroke fills the image's height, wherever and however small it was drawn", () => {
  const large = imageOf(line);
  const small = imageOf([[[0.7, 0.5], [0.7, 0.7]]]);
  assert.deepEqual(large, small);
  assert.ok(large[3] > 0.2 && large[59] > 0.2);
  assert.ok(large[0] === 0 && large[63] === 0);
});

test("pixels are shares of sixteen", () => {
  assert.ok(imageOf(line).every((value) => value >= 0 && value <= 1 && Number.isInteger(value * 16)));
});

test("nothing drawn is an empty image, and a dot is not blown up", () => {
  assert.deepEqual(normalised([]), []);
  assert.equal(Math.max(...imageOf([])), 0);
  assert.ok(imageOf([[[0.5, 0.5]]]).reduce((a, b) => a + b) < 2);
});

test("the network convolves, takes maxima, and weighs", () => {
  const image = new Float32Array(64);
  image[9] = 1;
  const filter = [0, 0, 0, 0, 1, 0, 0, 0, 0]; // looks at the middle pixel
  const weights = Array.from({ length: 9 * 2 }, (_, i) => (i === 0 ? 3 : i === 1 ? -1 : 0));
  assert.deepEqual([...networkInJavaScript(image, [filter, [0], weights, [0.5, 0]])], [3.5, -1]);
  assert.deepEqual([...networkInJavaScript(image, [filter, [-2], weights, [0.5, 0]])], [0.5, 0]);
});

test("shares sum to one and keep the order, also of large scores", () => {
  const found = shares([1000, 1001, 0]);
  assert.ok(Math.abs(found.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.ok(found[1] > found[0] && found[2] === 0);
});

test("numbers are short", () => {
  assert.deepEqual([0, 9999, 12345, 1070000000, 4720000].map(brief), ["0", "9999", "12.3 k", "1.07 G", "4.72 M"]);
  assert.deepEqual([0.01234, 1.234, 123.4, 1234, NaN].map(digits), ["0.0123", "1.23", "123", "1230", "–"]);
  assert.deepEqual([2, 0.0123, 4.5e-6, 3e-9].map(duration), ["2 s", "12.3 ms", "4.50 µs", "3 ns"]);
  assert.equal(rate(2e9, 0.5), 4);
});
