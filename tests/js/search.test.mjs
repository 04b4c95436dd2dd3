// The search on a few sections: what counts as the same word, and what comes first.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Engine } from "../../chapters/_static/search/engine.js";
import { excerpt } from "../../chapters/_static/search/excerpt.js";
import { hanTerms, indexTerms, withoutQuestion } from "../../chapters/_static/search/terms.js";

const section = (page, anchor, title, text = "", more = {}) => ({ page, anchor, title, text, code: "", level: 2, terms: "", other: "", ...more });
const SECTIONS = [
  section("gpu", "gpu", "GPUs", "Many threads.", { level: 1 }),
  section("gpu", "gpu-shared", "Shared memory", "Threads of a block fetch a tile together.", { other: "共享内存" }),
  section("gpu", "gpu-banks", "Transpose", "Shared memory has banks; a bank conflict makes lanes wait.", { other: "转置" }),
  section("exercises_gpu", "exercises-gpu-shared", "Shared memory", "Use shared memory for the window."),
  section("schedules", "schedules-data", "Where data is kept", "A copy nearer to the loops.", { code: "sch.cache_read(block, 0)" }),
  section("tensorization", "tensorization-tensorize", "tensorize", "Replace a block by an instruction.", { other: "张量化" }),
  section("search", "search-search", "Evolutionary search", "Better candidates have more offspring."),
  section("quant", "quant", "量化", "用整数表示。"),
  section("vector", "vector", "张量化与向量化", "张量化用张量指令，向量化用向量指令。"),
];
const DATA = { sections: SECTIONS, terms: [[["shared memory"], ["共享内存"]], [["tensorization"], ["张量化"]], [["tensor"], ["张量"]], [["vectorize"], ["向量化"]], [["bank conflict"], ["存储体冲突"]]], synonyms: [["tile", "patch"]] };
const engine = new Engine(DATA);
const found = (query) => engine.search(query).map((result) => result.section.anchor);

test("a heading counts more than text and a chapter more than an exercise", () => {
  assert.deepEqual(found("shared memory").slice(0, 3), ["gpu-shared", "exercises-gpu-shared", "gpu-banks"]);
});

test("identifiers and words are the same", () => {
  assert.deepEqual(found("shared_memory"), found("shared memory"));
  assert.equal(found("cache_read")[0], "schedules-data");
  assert.equal(found("cache read")[0], "schedules-data");
});

test("both spellings, inflections, beginnings and one typing error find the word", () => {
  for (const query of ["tensorise", "tensorize", "tensorized", "tensoriz", "tensorzie", "tensotize"]) assert.equal(found(query)[0], "tensorization-tensorize", query);
  for (const query of ["serach", "seerch", "searh", "searchh"]) assert.ok(found(query + " ").includes("search-search"), query);
});

test("words of the other language and synonyms find the section", () => {
  assert.equal(found("共享内存")[0], "gpu-shared");
  assert.equal(found("存储体冲突")[0], "gpu-banks");
  assert.equal(found("patch")[0], "gpu-shared");
});

test("量化 is not found inside 张量化 and 向量化", () => {
  assert.deepEqual(found("量化"), ["quant"]);
  assert.deepEqual(found("向量化"), ["vector"]);
});

test("what holds most of the words comes first, and nothing is found for words that stand nowhere", () => {
  assert.equal(found("bank conflict zebra")[0], "gpu-banks");
  assert.equal(found("threads fetch zebra")[0], "gpu-shared");
  assert.deepEqual(found("xylophone"), []);
  assert.deepEqual(found("红烧排骨"), []);
  assert.deepEqual(found(" "), []);
  assert.deepEqual(found("?!"), []);
});

test("words that only ask do not count", () => {
  assert.equal(withoutQuestion("怎样安装").trim(), "安装");
  assert.equal(withoutQuestion("什么"), "什么");
  assert.deepEqual(found("how do I tensorize"), found("tensorize"));
});

test("pairs of characters do not reach over the edge of a known word", () => {
  const known = new Set(["共享内存", "张量", "张量化"]);
  assert.deepEqual(hanTerms("共享内存分块", known), ["共享内存", "共享", "享内", "内存", "分块"]);
  assert.deepEqual(hanTerms("张量化", known), ["张量化", "张量"]);
  assert.deepEqual(hanTerms("矩阵乘法", known), ["矩阵", "阵乘", "乘法"]);
  assert.ok(indexTerms("MetaSchedule", known).includes("schedule"));
});

test("an excerpt shows the words asked for, marked, and nothing is cut inside a word", () => {
  const text = `${"Nothing of interest stands here. ".repeat(20)}A bank conflict makes lanes wait. ${"More follows. ".repeat(30)}`;
  const pieces = excerpt(text, "bank conflicts");
  assert.deepEqual(pieces.filter((piece) => piece.isMarked).map((piece) => piece.text), ["bank", "conflict"]);
  const shown = pieces.map((piece) => piece.text).join("");
  assert.ok(shown.length < 240 && shown.startsWith("… ") && shown.endsWith(" …"), shown);
  assert.equal(excerpt("短文", "内存").map((piece) => piece.text).join(""), "短文");
  assert.equal(excerpt("", "x").length, 0);
});

test("the vendored engine and stemmer are the published files", () => {
  const digest = (name) => createHash("sha256").update(readFileSync(new URL(`../../chapters/_static/vendor/${name}/index.js`, import.meta.url))).digest("hex");
  assert.equal(digest("minisearch"), "0393b3ba253b809d5e55707c7b0875ef9b518a296a006c6739b28876e154edb3");
  assert.equal(digest("stemmer"), "154936155f541e1dca18bb75f0fe47c5d881f7b68b2953d92bd33254aca5cc39");
});
