// The searches of the lab: what they draw, when they ask the model, what costs them nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { countTicks, logTicks } from "../../chapters/_static/widgets/webgpu/curves.js";
import { fitStumps, randomNumbers, search, shuffled } from "../../chapters/_static/widgets/webgpu/search.js";

/** A space of 12 by 12 points with one valley; some cannot run. */
const points = Array.from({ length: 144 }, (_, i) => (i % 24 === 5 ? { problem: "too many threads" } : { features: [i % 12, Math.floor(i / 12)] }));
const cost = (i) => 2 ** (Math.abs((i % 12) - 7) + Math.abs(Math.floor(i / 12) - 3));

function finish(options, measure = cost) {
  const steps = search(points, options);
  let step = steps.next();
  while (!step.done) step = steps.next(measure(step.value));
  return step.value;
}

test("random numbers depend on the seed alone and fill 0 to 1", () => {
  const draw = (seed) => Array.from({ length: 1000 }, randomNumbers(seed));
  assert.deepEqual(draw(3), draw(3));
  assert.notDeepEqual(draw(3), draw(4));
  assert.ok(draw(1).every((x) => x >= 0 && x < 1));
  assert.ok(Math.abs(draw(1).reduce((a, b) => a + b) / 1000 - 0.5) < 0.05);
});

test("a shuffle keeps all numbers", () => {
  const order = shuffled(20, randomNumbers(1));
  assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: 20 }, (_, i) => i));
  assert.notDeepEqual(order, [...order].sort((a, b) => a - b));
});

for (const guided of [false, true]) {
  test(`a ${guided ? "guided" : "random"} search measures each point once, at most its budget, and never what cannot run`, () => {
    const { history, skipped } = finish({ budget: 30, seed: 2, guided });
    assert.equal(history.length, 30);
    const seen = history.map(({ index }) => index);
    assert.equal(new Set(seen).size, 30);
    assert.ok(seen.every((index) => !points[index].problem));
    assert.ok(skipped.every((index) => points[index].problem));
  });

  test(`a ${guided ? "guided" : "random"} search ends when the space does`, () => {
    const { history, skipped } = finish({ budget: 1000, seed: 2, guided });
    assert.deepEqual([history.length, skipped.length], [138, 6]);
  });
}

test("the best so far never rises and is the least that was measured", () => {
  const { history } = finish({ budget: 30, seed: 9, guided: true });
  history.forEach(({ best }, i) => assert.equal(best, Math.min(...history.slice(0, i + 1).map(({ seconds }) => seconds))));
});

test("both searches begin with the same draws, and part when the model is asked", () => {
  const [random, guided] = [false, true].map((way) => finish({ budget: 20, seed: 4, guided: way, first: 8 }).history.map(({ index }) => index));
  assert.deepEqual(random.slice(0, 8), guided.slice(0, 8));
  assert.notDeepEqual(random.slice(8), guided.slice(8));
});

test("a guided search that only explores is a random search", () => {
  const indices = (options) => finish({ budget: 40, seed: 6, ...options }).history.map(({ index }) => index);
  assert.deepEqual(indices({ guided: true, explore: 1 }), indices({ guided: false }));
});

test("what the device refuses costs nothing of the budget", () => {
  const { history, skipped } = finish({ budget: 10, seed: 3 }, (i) => (i % 2 ? null : cost(i)));
  assert.equal(history.length, 10);
  assert.ok(history.every(({ index }) => index % 2 === 0) && skipped.some((index) => index % 2));
});

test("on a space with a valley the guided search is ahead, counted over many seeds", () => {
  const total = (guided) => Array.from({ length: 40 }, (_, seed) => finish({ budget: 20, seed, guided }).history.at(-1).best).reduce((a, b) => a + b);
  assert.ok(total(true) < 0.7 * total(false), `${total(true)} and ${total(false)}`);
});

test("stumps learn a step and say which feature it is in", () => {
  const rows = Array.from({ length: 20 }, (_, i) => [i % 3, i]);
  const { predict, shares } = fitStumps(rows, rows.map(([, x]) => (x < 10 ? 1 : 5)));
  assert.ok(Math.abs(predict([0, 3]) - 1) < 1e-3 && Math.abs(predict([0, 16]) - 5) < 1e-3);
  assert.ok(shares[1] > 0.99);
});

test("a model of points that are all alike gives their mean", () => {
  const { predict, shares } = fitStumps([[1], [1]], [2, 4]);
  assert.equal(predict([7]), 3);
  assert.deepEqual(shares, [0]);
});

test("ticks enclose what is shown", () => {
  assert.deepEqual(logTicks(0.003, 0.04), [0.002, 0.005, 0.01, 0.02, 0.05]);
  assert.deepEqual(logTicks(0.01, 0.01), [0.01, 0.02]);
  assert.deepEqual(countTicks(24), [0, 5, 10, 15, 20]);
  assert.deepEqual(countTicks(1), [0, 1]);
});
