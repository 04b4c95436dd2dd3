// The access explorer: what a warp touches, against sectors and banks counted by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { costText, reading } from "../../chapters/_static/widgets/access.js";
import { banks, coordinates, decode, lanes, sectors, subscripts, thread, words } from "../../chapters/_static/widgets/access_model.js";

const float = (threads, shared = false, width = 1) => ({ buffer: "A", shared, kind: "load", bytes: 4 * width, itemsize: 4, threads: [threads] });
const neighbours = float([[0, 1], [1, 31]]);
const strided = float([[0, 1], [8, 31]]);
const column = float([[0, 1], [32, 31]], true);

test("runs of equal differences become numbers again", () => {
  assert.deepEqual(decode([[3, 1], [1, 2], [0, 1]]), [3, 4, 5, 5]);
  assert.deepEqual(decode([]), []);
});

test("a warp is 32 threads of a block", () => {
  const access = float([[0, 1], [1, 39]]);
  assert.deepEqual(lanes(access, 0, 1), [32, 33, 34, 35, 36, 37, 38, 39]);
});

test("an element touches the words its bytes lie in", () => {
  assert.deepEqual(words(neighbours, 5), [5]);
  assert.deepEqual(words(float([], false, 4), 8), [8, 9, 10, 11]);
  assert.deepEqual(words({ bytes: 2, itemsize: 2 }, 3), [1]);
  assert.deepEqual(words(neighbours, -1), []);
});

test("neighbouring lanes fill four sectors, every eighth element takes one each", () => {
  const close = sectors(neighbours, lanes(neighbours, 0, 0));
  assert.equal(close.length, 4);
  assert.deepEqual(close[1], { sector: 1, words: [[8], [9], [10], [11], [12], [13], [14], [15]] });
  assert.equal(sectors(strided, lanes(strided, 0, 0)).length, 32);
});

test("half-width elements share a word", () => {
  const half = { ...neighbours, bytes: 2, itemsize: 2 };
  assert.deepEqual(sectors(half, [0, 1, 2])[0].words.slice(0, 3), [[0, 1], [2], []]);
});

test("a column of a tile of 32 lies in one bank, a padded one in all", () => {
  const one = banks(column, lanes(column, 0, 0));
  assert.equal(one[0].length, 32);
  assert.equal(one[1].length, 0);
  const padded = float([[0, 1], [33, 31]], true);
  assert.deepEqual(banks(padded, lanes(padded, 0, 0)).map(({ length }) => length), Array(32).fill(1));
});

test("a word that all lanes want is wanted once", () => {
  const same = float([[7, 1], [0, 31]], true);
  const found = banks(same, lanes(same, 0, 0));
  assert.equal(found[7].length, 1);
  assert.equal(found[7][0].lanes.length, 32);
});

test("a thread knows its sector and who else is in it, or its bank and what the warp wants from it", () => {
  assert.deepEqual(thread(neighbours, lanes(neighbours, 0, 0), 9), { index: 9, byte: 36, sector: 1, with: 7 });
  assert.deepEqual(thread(strided, lanes(strided, 0, 0), 2), { index: 16, byte: 64, sector: 2, with: 0 });
  assert.deepEqual(thread(column, lanes(column, 0, 0), 3), { index: 96, byte: 384, word: 96, bank: 0, wanted: 32 });
  assert.equal(thread(neighbours, [-1, 4], 0), null);
});

test("threads count along x first, elements along the last axis first", () => {
  assert.deepEqual(coordinates(37, [32, 8, 1]), [5, 1, 0]);
  assert.deepEqual(coordinates(5, [2, 2, 2]), [1, 0, 1]);
  assert.deepEqual(subscripts(293, [64, 96]), [3, 5]);
});

test("readings say where, in both languages", () => {
  const found = thread(neighbours, lanes(neighbours, 0, 0), 9);
  assert.equal(reading(neighbours, found, [4, 8], "en"), "A[1, 1]: byte 36, sector 1; 7 other threads in this sector.");
  assert.equal(reading(column, thread(column, lanes(column, 0, 0), 3), undefined, "zh"), "A[96]：字 96，存储体 0；线程束要这个存储体的 32 个字。");
  assert.equal(reading(neighbours, null, undefined, "en"), "This thread takes no part.");
  assert.equal(costText(column, 32, "en"), "32 passes");
  assert.equal(costText(neighbours, 1, "en"), "1 sector");
  assert.equal(costText(neighbours, 4, "zh"), "4 个扇区");
});
