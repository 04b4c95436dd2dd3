// Where the note of a term stands.
import assert from "node:assert/strict";
import { test } from "node:test";

import { place } from "../../chapters/_static/reading/terms.js";

const WINDOW = { width: 360, height: 600 };
const NOTE = { width: 300, height: 80 };

test("a note stands below its term and inside the window", () => {
  assert.deepEqual(place({ left: 200, top: 100, bottom: 120 }, NOTE, WINDOW), { left: 52, top: 124 });
  assert.deepEqual(place({ left: 2, top: 100, bottom: 120 }, NOTE, WINDOW), { left: 8, top: 124 });
});

test("at the foot of the window it stands above", () => {
  assert.deepEqual(place({ left: 20, top: 560, bottom: 580 }, NOTE, WINDOW), { left: 20, top: 476 });
});

test("a window too low for either shows it below, where scrolling reaches it", () => {
  assert.deepEqual(place({ left: 20, top: 30, bottom: 50 }, NOTE, { width: 360, height: 100 }), { left: 20, top: 54 });
});
