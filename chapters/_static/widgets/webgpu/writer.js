// A language model that writes on a device: text as numbers of words, steps in submissions, and the words that came.
import { Problem } from "./problem.js";
import { hash } from "./reference.js";

/** The first words of every vocabulary; what they mean says mlc_ref/language_models/tokens.py. */
export const MARKS = ["<pad>", "<start>", "<end>", "<en>", "<zh>"];
export const START = MARKS.indexOf("<start>");
export const END = MARKS.indexOf("<end>");
export const TO_ENGLISH = MARKS.indexOf("<en>");
export const TO_CHINESE = MARKS.indexOf("<zh>");
const SUBMISSION_MS = 100; // how long one submission should take: the page stays smooth, and a stop button answers
const FIRST_STEPS = 4;
const MOST_STEPS = 64;
const NEAR = 3; // words that are offered in place of an unknown one

/** How many letters to change, add or leave out to make one word of another. */
function distance(a, b) {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}

function unknown(word, words) {
  const near = words.map((each) => [distance(word, each), each]).filter(([d, each]) => d < Math.max(word.length, each.length))
    .sort(([d, a], [e, b]) => d - e || (a < b ? -1 : 1)).slice(0, NEAR).map(([, each]) => each);
  const such = { en: near.length ? `, such as ${near.join(", ")}` : "", zh: near.length ? `，例如 ${near.join("、")}` : "" };
  return new Problem("word", {
    en: `The model has never read “${word}”. It knows ${words.length} words${such.en}.`,
    zh: `模型从未读过“${word}”。它认识 ${words.length} 个词${such.zh}。`,
  });
}

/** Chinese divided from the left, each time into the longest word there is. */
function divided(text, numbers, words) {
  const longest = Math.max(...words.map((word) => word.length));
  const found = [];
  for (let at = 0; at < text.length; ) {
    let size = Math.min(longest, text.length - at);
    while (size > 0 && !numbers.has(text.slice(at, at + size))) size -= 1;
    if (!size) throw unknown(text.slice(at), words);
    found.push(numbers.get(text.slice(at, at + size)));
    at += size;
  }
  return found;
}

/** Numbers of a text as people write it: English with capitals, Chinese without spaces. Throws a Problem that names an unknown word. */
export function read(text, vocabulary) {
  const words = vocabulary.slice(MARKS.length);
  const numbers = new Map(words.map((word, i) => [word.toLowerCase(), i + MARKS.length]));
  const parts = text.match(/[A-Za-z]+|[.?。？]|[^\sA-Za-z.?。？]+/g) ?? [];
  return parts.flatMap((part) => {
    const number = numbers.get(part.toLowerCase());
    if (number !== undefined) return [number];
    if (part.charCodeAt(0) < 128) throw unknown(part, words);
    return divided(part, numbers, words);
  });
}

export const isWord = (token) => token >= MARKS.length;

/** The text of numbers as people write it; marks are left out. */
export function written(tokens, vocabulary, lang) {
  const words = [...tokens].filter(isWord).map((token) => vocabulary[token]);
  if (lang === "zh") return words.join("");
  const text = words.join(" ").replace(/ ([.?])/g, "$1");
  return text.replace(/(^|[.?] )([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
}

/** Numbers from 0 up to 1, the same for a seed on every device. */
export const uniformNumbers = (seed, count) => Float32Array.from({ length: count }, (_, i) => (hash(i, seed) >>> 8) / 2 ** 24);

const now = () => globalThis.performance.now();

/** Runs the steps of a program that `step_artefact` of mlc_ref/language_models/page made. */
export class Writer {
  constructor(program) {
    const { tensors } = program.artefact;
    const find = (what, fits) => {
      const at = tensors.findIndex(fits);
      if (at < 0) throw new Problem("artefact", { en: `This file is no language model: it has no ${what}.`, zh: `该文件不是语言模型：缺少 ${what}。` });
      return at;
    };
    this.program = program;
    this.at = Object.fromEntries(["tokens", "position", "given", "choice"].map((name) => [name, find(name, (tensor) => tensor.name === name)]));
    this.at.logits = find("logits", ({ role }) => role === "output");
    this.length = tensors[this.at.tokens].elements - 1; // longest text, in words
    this.steps = FIRST_STEPS; // as many as one submission should do, as far as is known
  }

  /**
   * Goes on with `prompt`, numbers of words, until the word `until`, `most` words or the longest text.
   * `told(tokens)` hears of new words after each submission; `stopped()` ends it before the next.
   * Returns { tokens, ended, steps, seconds }: all words, why it ended ("until", "length", "stopped"), steps and their time.
   */
  async write({ prompt, temperature = 0, seed = 1, until = END, most = Infinity, told = () => {}, stopped = () => false }) {
    this.fill(prompt, temperature, seed);
    const last = Math.min(this.length, prompt.length + most) - 1;
    let [position, seconds, tokens] = [0, 0, [...prompt]];
    let ended = last < 1 ? "length" : null;
    while (!ended) {
      const steps = Math.min(this.steps, last - position);
      const start = now();
      await this.program.run(steps);
      const seen = await this.program.read(this.at.tokens);
      const took = now() - start;
      position += steps;
      seconds += took / 1000;
      this.steps = Math.max(1, Math.min(MOST_STEPS, steps * 2, Math.round((steps * SUBMISSION_MS) / Math.max(took, 0.1))));
      const fresh = [...seen.slice(tokens.length, position + 1)];
      const end = fresh.indexOf(until);
      const kept = end < 0 ? fresh : fresh.slice(0, end + 1);
      tokens = tokens.concat(kept);
      if (kept.length) told(kept);
      ended = end >= 0 ? "until" : position === last ? "length" : stopped() ? "stopped" : null;
    }
    return { tokens, ended, steps: position, seconds };
  }

  fill(prompt, temperature, seed) {
    const { program, at, length } = this;
    if (!(prompt.length >= 1 && prompt.length <= length)) {
      throw new Problem("length", {
        en: `The text has ${prompt.length} words, but the model takes 1 to ${length}: shorten it.`,
        zh: `文本有 ${prompt.length} 个词，而模型只接受 1 到 ${length} 个：请缩短。`,
      });
    }
    const tokens = new Int32Array(length + 1);
    tokens.set(prompt);
    program.write(at.tokens, tokens);
    program.write(at.position, new Int32Array([0]));
    program.write(at.given, new Int32Array([prompt.length]));
    program.write(at.choice, Float32Array.from([...uniformNumbers(seed, length), temperature]));
  }

  /** The logits after the last step. */
  logits() {
    return this.program.read(this.at.logits);
  }
}
