// Words that may have been meant: British spellings, and two letters exchanged.
const BRITISH = [
  [/is(e|ed|es|er|ers|ing|ation|ations)$/, "iz$1"],
  [/yse(d|s|r)?$/, "yze$1"],
  [/our(s|ed|ing)?$/, "or$1"],
  [/re$/, "er"],
  [/ll(ed|ing|er)$/, "l$1"],
];

/** American spellings of a word that may be British. */
export function americanSpellings(word) {
  return BRITISH.filter(([ending]) => ending.test(word)).map(([ending, instead]) => word.replace(ending, instead));
}

/** The word with each two neighbouring letters exchanged: serach gives search, among others. */
export function exchanged(word) {
  const all = Array.from({ length: word.length - 1 }, (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2));
  return all.filter((each) => each !== word);
}
