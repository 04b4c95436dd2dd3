// Text and queries as terms: Latin words in lower case with their stems, Han characters in pairs. No page of its own.
import { stemmer } from "../vendor/stemmer/index.js";

const RUN = /\p{Script=Han}+|[\p{Script=Latin}\p{Script=Greek}0-9_]+/gu;
const HAN = /^\p{Script=Han}/u;
const STOP_WORDS = {
  en: "a an and are as at be but by can do does for from how i if in into is it its my of on or that the then there these this to was what when where which why with you your",
  zh: "的 了 是 在 和 与 怎样 怎么 如何 什么 为什么 一个 请问",
};
const ENGLISH_STOP_WORDS = new Set(STOP_WORDS.en.split(" "));
const CHINESE_STOP_WORDS = new RegExp(STOP_WORDS.zh.split(" ").sort((a, b) => b.length - a.length).join("|"), "g");

const LONGEST_WORD = 12;
const STEMS = new Map();

export const isHan = (text) => HAN.test(text);
export const isStopWord = (word) => ENGLISH_STOP_WORDS.has(word);

/** The mark keeps stems apart from words: "tensor" is not what "tensorize" was written as. */
export function stem(word) {
  let found = STEMS.get(word);
  if (found === undefined) STEMS.set(word, (found = `~${stemmer(word)}`));
  return found;
}

/** Runs of Han characters and of Latin letters, digits and underscores, in the order of the text. */
export const runs = (text) => text.normalize("NFKC").match(RUN) ?? [];

/** Words of an identifier: cache_read is two, MetaSchedule one, which is also found by its parts. */
export function latinWords(run) {
  return run.split("_").filter(Boolean).map((part) => part.toLowerCase());
}

function camelParts(run) {
  const parts = run.split("_").flatMap((part) => part.match(/[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+/g) ?? []);
  return parts.length > 1 ? parts.map((part) => part.toLowerCase()).filter((part) => part.length > 1) : [];
}

/** The longest known word at a place, shorter than `limit`; "" where there is none. */
function knownAt(run, start, known, limit) {
  for (let length = Math.min(limit, run.length - start); length > 1; length--) {
    const word = run.slice(start, start + length);
    if (known.has(word)) return word;
  }
  return "";
}

function pairs(text) {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
}

/**
 * Terms of Han characters: pairs that do not reach over the edge of a known word, and the known words.
 *
 * 张量化 gives 张量 and itself, not 量化, which is another word: the suffix 化 belongs to the whole before it.
 */
export function hanTerms(run, known, limit = LONGEST_WORD) {
  const terms = [];
  let loose = "";
  for (let i = 0; i < run.length; ) {
    const word = knownAt(run, i, known, limit);
    if (!word) {
      loose += run[i++];
      continue;
    }
    terms.push(...pairs(loose), ...wordTerms(word, known));
    loose = "";
    i += word.length;
  }
  return [...terms, ...pairs(loose)];
}

function wordTerms(word, known) {
  if (word.length === 2) return [word];
  const isMade = word.endsWith("化");
  return [word, ...hanTerms(isMade ? word.slice(0, -1) : word, known, word.length - 1)];
}

/** All terms under which a text is found; single Han characters among them where they are asked for. */
export function indexTerms(text, known, hasSingles = false) {
  return runs(text).flatMap((run) => {
    if (isHan(run)) return hasSingles ? [...hanTerms(run, known), ...run] : hanTerms(run, known);
    const words = [...new Set([...latinWords(run), ...camelParts(run)])];
    return [...words, ...words.map(stem), ...(run.includes("_") ? [run.toLowerCase()] : [])];
  });
}

/** The query without words that only ask: 怎样安装 asks for 安装. A query of nothing else stays as it is. */
export function withoutQuestion(query) {
  const kept = query.replace(CHINESE_STOP_WORDS, " ");
  return runs(kept).length ? kept : query;
}
