// The words of the labs, filled with what a page may have to say.
import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, word, WORDS } from "../../chapters/_static/widgets/webgpu/words.js";
import { WRITER_WORDS } from "../../chapters/_static/widgets/webgpu/writer_words.js";

const HAN = "[\\u3400-\\u4dbf\\u4e00-\\u9fff]";

for (const value of ["由处理器模拟的软件设备 google swiftshader", "软件设备", "GPU", 12])
  test(`no text has a space between two Chinese characters, and each has one beside Latin letters, with ${value}`, () => {
    for (const [name, { zh }] of Object.entries({ ...WORDS, ...WRITER_WORDS })) {
      const fields = Object.fromEntries([...zh.matchAll(/\{(\w+)\}/g)].map(([, field]) => [field, value]));
      const said = filled(zh, fields);
      assert.doesNotMatch(said, new RegExp(`${HAN} +${HAN}`), name);
      assert.doesNotMatch(said, /undefined|\{/, name);
    }
  });

test("a field keeps the spaces that its value needs", () => {
  assert.match(word("recorded", "zh", { device: "由处理器模拟的软件设备 swiftshader" }), /^本页的记录值，在由处理器模拟的软件设备 swiftshader 上测得/);
  assert.match(word("recorded", "zh", { device: "Apple M3" }), /^本页的记录值，在 Apple M3 上测得/);
  assert.match(word("recorded", "en", { device: "Apple M3" }), /for this page on Apple M3;/);
});

for (const [text, a, b, said] of [
  ["{a} {b}", "手机", "循环", "手机循环"],
  ["{a} {b} {a}", "手机", "循环", "手机循环手机"],
  ["在 {a} {b} 上", "手机", "循环", "在手机循环上"],
  ["{a} {b}", "手机", "GPU", "手机 GPU"],
  ["{a} {b}", "GPU", "循环", "GPU 循环"],
  ["{a} {b}", "GPU", 2, "GPU 2"],
  ["{a}{b} {a}", "手机", "", "手机手机"],
  ["{a} {b}{a}", "手机", "", "手机手机"],
])
  test(`fields side by side have a space between them only where one is Latin: ${text} with ${a}, ${b}`, () => {
    assert.equal(filled(text, { a, b }), said);
  });
