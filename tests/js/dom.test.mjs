// Texts in the reader's language, and widget data as the page holds it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { pick, readData, speaker } from "../../chapters/_static/widgets/dom.js";

test("a text in two languages is read in the page's language", () => {
  assert.equal(pick({ en: "tile", zh: "分块" }, "zh"), "分块");
  assert.equal(pick({ en: "tile", zh: "分块" }, "en"), "tile");
});

test("a table of texts speaks the page's language", () => {
  const say = speaker({ next: { en: "Next", zh: "下一步" } }, "zh");
  assert.equal(say("next"), "下一步");
});

test("numbers and plain strings read the same in both languages", () => {
  assert.equal(pick(16, "zh"), "16");
  assert.equal(pick("C[i, j]", "en"), "C[i, j]");
});

test("a widget without data is an error that says so", () => {
  assert.throws(() => readData({ querySelector: () => null }), /has no data/);
});

test("data is the JSON of the script element", () => {
  const root = { querySelector: () => ({ textContent: '{"steps":[1,2]}' }) };
  assert.deepEqual(readData(root), { steps: [1, 2] });
});
