// A language model that writes: text as numbers, and steps until there is an end.
import assert from "node:assert/strict";
import { test } from "node:test";

import { END, read, uniformNumbers, written, Writer } from "../../chapters/_static/widgets/webgpu/writer.js";

const VOCABULARY = ["<pad>", "<start>", "<end>", "<en>", "<zh>", "Lily", "went", "to", "the", "park", ".", "?", "莉莉", "去", "了", "公园", "公园里", "。", "？"];
const LENGTH = 20;

/** A program whose word after `t` is `follows(t)`; counts its submissions. */
function fake(follows) {
  const names = [["tokens", "state", LENGTH + 1], ["position", "state", 1], ["given", "input", 1], ["choice", "input", LENGTH + 1], ["logits", "output", 9]];
  const held = names.map(([, , size]) => new Array(size).fill(0));
  return {
    artefact: { tensors: names.map(([name, role, elements]) => ({ name: role === "output" ? "lv7" : name, role, elements })) },
    held, runs: [],
    write(at, values) { held[at] = [...values]; },
    async run(steps) {
      this.runs.push(steps);
      for (let i = 0; i < steps; i += 1) {
        const [tokens, [position], [given]] = held;
        if (position + 1 >= given) tokens[position + 1] = follows(tokens[position], position);
        held[1] = [Math.min(position + 1, LENGTH - 1)];
      }
    },
    async read(at) { return held[at]; },
  };
}

const counting = () => fake((token) => (token === 9 ? END : token + 1));

test("text of both languages becomes the numbers of its words, whatever its capitals and spaces", () => {
  assert.deepEqual(read("Lily went to the Park.", VOCABULARY), [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(read("莉莉去了公园里。 公园？", VOCABULARY), [12, 13, 14, 16, 17, 15, 18]);
  assert.deepEqual(read("", VOCABULARY), []);
});

test("an unknown word is named, with words that look like it", () => {
  assert.throws(() => read("Lily went to the perk.", VOCABULARY), ({ kind, text }) => kind === "word" && text.en.includes("“perk”") && text.en.includes("such as park"));
  assert.throws(() => read("莉莉飞了", VOCABULARY), ({ text }) => text.zh.includes("“飞了”"));
  assert.throws(() => read("7", VOCABULARY), ({ kind }) => kind === "word");
  assert.throws(() => read("<end>", VOCABULARY), ({ kind }) => kind === "word");
});

test("numbers become text as people write it, without marks", () => {
  assert.equal(written([1, 5, 6, 7, 8, 9, 10, 8, 9, 11, 2], VOCABULARY, "en"), "Lily went to the park. The park?");
  assert.equal(written([1, 12, 13, 14, 15, 17, 2], VOCABULARY, "zh"), "莉莉去了公园。");
});

test("it writes until the end mark and tells every word once, in order", async () => {
  const heard = [];
  const writer = new Writer(counting());
  const { tokens, ended } = await writer.write({ prompt: [1, 5], told: (fresh) => heard.push(...fresh) });
  assert.equal(ended, "until");
  assert.deepEqual(tokens, [1, 5, 6, 7, 8, 9, END]);
  assert.deepEqual(heard, [6, 7, 8, 9, END]);
});

test("an end mark in the prompt ends nothing", async () => {
  const { tokens } = await new Writer(counting()).write({ prompt: [1, END, 7] });
  assert.deepEqual(tokens, [1, END, 7, 8, 9, END]);
});

test("without an end it stops at the longest text, and never asks for a step more", async () => {
  const program = fake(() => 6);
  const { tokens, ended, steps } = await new Writer(program).write({ prompt: [1, 5, 6] });
  assert.equal(ended, "length");
  assert.equal(tokens.length, LENGTH);
  assert.equal(steps, LENGTH - 1);
  assert.equal(program.runs.reduce((a, b) => a + b), LENGTH - 1);
});

test("at most as many words as asked for are written", async () => {
  const { tokens } = await new Writer(fake(() => 6)).write({ prompt: [1, 5], most: 3 });
  assert.deepEqual(tokens, [1, 5, 6, 6, 6]);
});

test("a reader who stops gets what came until then", async () => {
  const program = fake(() => 6);
  const { tokens, ended } = await new Writer(program).write({ prompt: [1], stopped: () => true });
  assert.equal(ended, "stopped");
  assert.equal(program.runs.length, 1);
  assert.equal(tokens.length, 1 + program.runs[0]);
});

test("seed and temperature reach the device, and a seed always means the same numbers", async () => {
  const program = fake(() => END);
  await new Writer(program).write({ prompt: [1], temperature: 0.5, seed: 7 });
  assert.equal(program.held[3].at(-1), 0.5);
  assert.deepEqual(program.held[3].slice(0, LENGTH), [...uniformNumbers(7, LENGTH)]);
  assert.notDeepEqual([...uniformNumbers(8, 4)], [...uniformNumbers(7, 4)]);
  assert.ok(uniformNumbers(3, 1000).every((number) => number >= 0 && number < 1));
});

test("a prompt without words or with too many is refused before anything runs", async () => {
  for (const prompt of [[], new Array(LENGTH + 1).fill(5)]) {
    const program = counting();
    await assert.rejects(new Writer(program).write({ prompt }), ({ kind, text }) => kind === "length" && text.en.includes(`has ${prompt.length} words`));
    assert.deepEqual(program.runs, []);
  }
});

test("a file that is no language model is refused by what it lacks", () => {
  const program = counting();
  program.artefact.tensors[3].name = "noise";
  assert.throws(() => new Writer(program), ({ text }) => text.en.includes("no choice"));
});
