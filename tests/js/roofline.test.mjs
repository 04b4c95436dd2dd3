// The roofline's arithmetic, against figures worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { caption } from "../../chapters/_static/widgets/roofline.js";
import { bound, decades, figure, limit, remembered, ridge, short, stack } from "../../chapters/_static/widgets/roofline_model.js";

const machine = { gflops: 50, gbytes: 10 };

test("left of the ridge memory is the limit, from there on computing", () => {
  assert.equal(ridge(machine), 5);
  assert.deepEqual([bound(0.25, machine), limit(0.25, machine)], [2.5, "memory"]);
  assert.deepEqual([bound(5, machine), limit(5, machine)], [50, "compute"]);
  assert.deepEqual([bound(80, machine), limit(80, machine)], [50, "compute"]);
});

test("axes hold every value and are a decade long at least", () => {
  assert.deepEqual(decades([0.25, 5]), [-1, 1]);
  assert.deepEqual(decades([1, 10]), [0, 1]);
  assert.deepEqual(decades([3]), [0, 1]);
  assert.deepEqual(decades([1000]), [3, 4]);
});

test("figures are typed with either decimal sign, and only those above 0 count", () => {
  assert.equal(figure(" 12,5 "), 12.5);
  assert.equal(figure("1e3"), 1000);
  for (const text of ["", "0", "-3", "fast", "Infinity"]) assert.equal(figure(text), null);
});

test("remembered figures that are spoilt give way to the page's", () => {
  assert.deepEqual(remembered('{"gflops":7,"gbytes":3}', machine), { gflops: 7, gbytes: 3 });
  for (const text of [null, "null", "{", '{"gflops":-1,"gbytes":3}', '{"gflops":"x"}']) assert.equal(remembered(text, machine), machine);
});

test("numbers show three digits that matter", () => {
  assert.deepEqual([0.08333, 2.5, 123.4, 19500].map(short), ["0.0833", "2.5", "123", "19,500"]);
});

test("labels that would cover one another are stacked", () => {
  assert.deepEqual(stack([0, 5, 100, 10, 100], 20), [0, 1, 0, 2, 1]);
});

test("the caption says where the limits meet, in both languages", () => {
  assert.match(caption(machine, "en"), /below 5 operations a byte/);
  assert.match(caption(machine, "zh"), /每字节 5 次运算/);
});
