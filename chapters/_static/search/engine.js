// Finds sections: for each unit of the query the sections that hold it, then those that hold most of the query, best first.
import MiniSearch from "../vendor/minisearch/index.js";
import { americanSpellings, exchanged } from "./spelling.js";
import { hanTerms, indexTerms, isHan, isStopWord, latinWords, runs, stem, withoutQuestion } from "./terms.js";

const FIELDS = ["title", "other", "terms", "anchor", "chapter", "text", "code"];
const BOOSTS = { title: 6, other: 4, terms: 2, anchor: 1.5, chapter: 1.5, text: 1, code: 0.5 };
// How much a way of holding a word counts.
const EXACT = 1, STEM = 0.6, PREFIX = 0.35, MISTYPED = 0.5, TRANSLATED = 0.9;
const SHORTEST_MISTYPED = 4;
// A section that lists or repeats says less than one that explains.
const DEEPER = 0.8;
const KINDS = { chapter: 1, exercise: 0.5, term: 0.3, repeat: 0.5, reference: 0.3 };

/** What kind of section one is: an exercise, an entry of the glossary, a list at a chapter's end, or an explanation. */
function kindOf(section) {
  // The bare build of the repository names pages by their whole path.
  const page = section.page.split("/").pop();
  if (page === "references") return "reference";
  if (page === "glossary") return section.anchor.startsWith("term-") ? "term" : "repeat";
  if (page.startsWith("exercises_")) return "exercise";
  return /-(summary|exercises|reading)$/.test(section.anchor) ? "repeat" : "chapter";
}

/** Scores by section, the larger of two where both have one. */
function merge(into, scores, weight) {
  for (const [id, score] of scores) into.set(id, Math.max(into.get(id) ?? 0, score * weight));
}

function lookUp(index, term, options = {}) {
  const found = index.search(term, { tokenize: (text) => [text], ...options });
  return new Map(found.map((result) => [result.id, result.score]));
}

/** Sections that hold a Latin word: as it is, inflected, begun, or with one typing error where nothing holds it. */
function findWord(index, word, isLast) {
  const found = new Map();
  for (const spelling of [word, ...americanSpellings(word)]) {
    merge(found, lookUp(index, spelling), EXACT);
    merge(found, lookUp(index, stem(spelling)), STEM);
  }
  if (isLast || !found.size) merge(found, lookUp(index, word, { prefix: true }), PREFIX);
  if (!found.size && word.length >= SHORTEST_MISTYPED) {
    for (const each of exchanged(word)) merge(found, lookUp(index, each), MISTYPED);
    merge(found, lookUp(index, word, { fuzzy: 1, weights: { fuzzy: 1, prefix: 1 } }), MISTYPED);
  }
  return found;
}

/** Sections that hold all of some terms, and those that hold part of them, for which that part counts. */
function findParts(found) {
  const scores = new Map(), parts = new Map();
  for (const each of found) {
    for (const [id, score] of each) {
      scores.set(id, (scores.get(id) ?? 0) + score);
      parts.set(id, (parts.get(id) ?? 0) + 1 / found.length);
    }
  }
  return { scores, parts };
}

/** The search over the data of one language: { sections, terms, synonyms }. Terms pair English names with Chinese ones. */
export class Engine {
  constructor({ sections, terms, synonyms }) {
    const chapters = new Map(sections.filter((section) => section.level === 1 && section.anchor.length).map((each) => [each.page, each.title]).reverse());
    this.sections = sections.map((section, id) => ({ ...section, id, kind: kindOf(section), chapter: chapters.get(section.page) ?? "" }));
    this.known = new Set(terms.flatMap(([, chinese]) => chinese).filter((word) => isHan(word) && word.length > 1));
    this.translations = this.#translations(terms, synonyms);
    this.index = new MiniSearch({ fields: FIELDS, tokenize: (text, field) => indexTerms(text, this.known, field === "title"), processTerm: (term) => term, searchOptions: { boost: BOOSTS } });
    this.index.addAll(this.sections);
  }

  /** Names of the same thing, by each name: the other language's for a term of the glossary, all others for synonyms. */
  #translations(terms, synonyms) {
    const table = new Map();
    const add = (from, to) => from.forEach((name) => table.set(this.#words(name).join(" "), to));
    for (const names of synonyms) add(names, names);
    for (const [english, chinese] of terms) {
      add(english, chinese);
      add(chinese, english);
    }
    return table;
  }

  /** Words of a query or a name: Latin words, and runs of Han characters as they stand. */
  #words(text) {
    return runs(text).flatMap((run) => (isHan(run) ? [run] : latinWords(run)));
  }

  #find(word, isLast) {
    if (!isHan(word)) return findWord(this.index, word, isLast);
    const terms = word.length === 1 ? [word] : hanTerms(word, this.known);
    const found = findParts(terms.map((term) => lookUp(this.index, term)));
    return new Map([...found.scores].map(([id, score]) => [id, score * found.parts.get(id)]));
  }

  /** What the words ask for, unit by unit: terms of the glossary as a whole, else single words. */
  #units(words) {
    const units = [];
    for (let start = 0; start < words.length; ) {
      let length = words.length - start;
      while (length > 1 && !this.translations.has(words.slice(start, start + length).join(" "))) length--;
      const name = words.slice(start, start + length);
      units.push({ words: name, translations: this.translations.get(name.join(" ")) ?? [] });
      start += length;
    }
    return units;
  }

  #findUnit({ words, translations }, isLast) {
    const own = findParts(words.map((word, i) => this.#find(word, isLast && i === words.length - 1)));
    for (const translation of translations) {
      const other = this.#words(translation);
      const found = findParts(other.map((word) => this.#find(word, false)));
      for (const [id, part] of found.parts) {
        const score = found.scores.get(id) * TRANSLATED * part;
        if (part >= (own.parts.get(id) ?? 0) && score > (own.scores.get(id) ?? 0)) {
          own.scores.set(id, score);
          own.parts.set(id, part);
        }
      }
    }
    return own;
  }

  /** The sections for a query, best first: { section, chapter, score }. */
  search(query) {
    const all = this.#words(withoutQuestion(query));
    const asked = all.filter((word) => !isStopWord(word));
    const units = this.#units(asked.length ? asked : all);
    const isOpen = !/\s$/.test(query);
    const total = units.reduce((sum, unit) => sum + unit.words.length, 0);
    const sums = new Map(), held = new Map();
    units.forEach((unit, i) => {
      const { scores, parts } = this.#findUnit(unit, isOpen && i === units.length - 1);
      for (const [id, score] of scores) {
        sums.set(id, (sums.get(id) ?? 0) + score);
        held.set(id, (held.get(id) ?? 0) + (parts.get(id) * unit.words.length) / total);
      }
    });
    return [...sums]
      .map(([id, sum]) => this.#result(id, sum, held.get(id), query))
      .sort((a, b) => b.score - a.score || a.section.id - b.section.id);
  }

  #result(id, sum, held, query) {
    const section = this.sections[id];
    return { section, chapter: section.chapter, score: sum * held ** 2 * KINDS[section.kind] * DEEPER ** Math.max(0, section.level - 2) * this.#phrase(section, query) };
  }

  /** What a query counts more that stands in the section word for word: in the heading, or as all of it. */
  #phrase(section, query) {
    const asked = this.#words(query).join(" ");
    section.plain ??= { title: this.#words(section.title).join(" "), text: this.#words(section.text).join(" ") };
    const { title, text } = section.plain;
    if (title === asked) return section.kind === "term" ? 1 : 2;
    if (` ${title} `.includes(` ${asked} `) || (isHan(asked) && title.includes(asked))) return 1.5;
    return text.includes(asked) ? 1.1 : 1;
  }
}
