// What a result shows of its section: a piece of its text around the words asked for, with these words marked.
import { isHan, latinWords, runs, stem } from "./terms.js";

const WIDTH = { latin: 180, han: 90 };
const LEAD = 0.25;

/** Where the query's words stand in a text: [start, end, word], in order. Latin words are found inflected too. */
export function places(text, query) {
  const words = [...new Set(runs(query).flatMap((run) => (isHan(run) ? [run] : latinWords(run))))];
  const stems = new Map(words.filter((word) => !isHan(word)).map((word) => [stem(word), word]));
  const found = [];
  for (const match of text.matchAll(/[\p{Script=Latin}\p{Script=Greek}0-9]+/gu)) {
    const word = stems.get(stem(match[0].toLowerCase())) ?? words.find((each) => each.length > 3 && match[0].toLowerCase().startsWith(each));
    if (word) found.push([match.index, match.index + match[0].length, word]);
  }
  for (const word of words.filter(isHan)) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found.push([at, at + word.length, word]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** The start of the piece of a given width that holds the most different words. */
function bestStart(found, width) {
  const different = ([start]) => new Set(found.filter(([from, to]) => from >= start && to <= start + width).map((each) => each[2])).size;
  return found.length ? found.reduce((best, each) => (different(each) > different(best) ? each : best))[0] : 0;
}

/** An edge moved to the next space, so that no Latin word is cut in two. */
function toSpace(text, at) {
  const space = text.indexOf(" ", at);
  return at > 0 && space >= 0 && space - at < 20 ? space + 1 : at;
}

/** The pieces of an excerpt: [{ text, isMarked }]. */
export function excerpt(text, query) {
  const width = isHan(text.replace(/[^\p{L}]/gu, "").slice(0, 40).match(/\p{Script=Han}/u)?.[0] ?? "") ? WIDTH.han : WIDTH.latin;
  const found = places(text, query);
  const start = toSpace(text, Math.max(0, Math.floor(bestStart(found, width) - LEAD * width)));
  const end = Math.min(text.length, toSpace(text, start + width));
  const pieces = start > 0 ? [{ text: "… ", isMarked: false }] : [];
  let at = start;
  for (const [from, to] of found.filter(([from, to]) => from >= start && to <= end)) {
    if (from < at) continue;
    pieces.push({ text: text.slice(at, from), isMarked: false }, { text: text.slice(from, to), isMarked: true });
    at = to;
  }
  pieces.push({ text: text.slice(at, end).trimEnd() + (end < text.length ? " …" : ""), isMarked: false });
  return pieces.filter((piece) => piece.text);
}
