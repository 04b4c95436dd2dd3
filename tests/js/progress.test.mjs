// The reader's progress: a record that survives damage, and counts that follow the course as it is now.
import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, changed, doneIn, duration, exerciseKey, parse, summary } from "../../chapters/_static/reading/progress.js";

const TOPICS = [
  { name: "schedules", minutes: 55, exercises: ["marked", "tiled"] },
  { name: "gpu", minutes: 60, exercises: ["add"] },
];

test("what is stored is read again", () => {
  const record = changed(changed(EMPTY, "read", "gpu", true), "done", exerciseKey("gpu", "add"), true);
  assert.deepEqual(parse(JSON.stringify(record)), { read: { gpu: true }, done: { "gpu/add": true } });
});

test("nothing, damaged text and other programs' values count as an empty record", () => {
  for (const text of [null, "", "{", "7", "null", '{"read": 3}', '{"done": []}']) assert.deepEqual(parse(text), EMPTY);
});

test("a change leaves the record it was made from alone", () => {
  const before = changed(EMPTY, "read", "gpu", true);
  assert.deepEqual(changed(before, "read", "gpu", false), EMPTY);
  assert.deepEqual(before.read, { gpu: true });
});

test("the summary counts what the course has now and leaves out what is gone", () => {
  const record = { read: { gpu: true, gone: true }, done: { "schedules/tiled": true, "schedules/gone": true } };
  assert.equal(doneIn(record, TOPICS[0]), 1);
  assert.deepEqual(summary(record, TOPICS, 15), {
    topics: 2, read: 1, exercises: 3, done: 1, readingLeft: 55, exercisesLeft: 30,
  });
});

test("durations are written as on the pages", () => {
  assert.deepEqual([45, 60, 75, 210].map((m) => duration(m, "en")), ["45 min", "1 h", "1¼ h", "3½ h"]);
  assert.equal(duration(75, "zh"), "1¼ 小时");
});
