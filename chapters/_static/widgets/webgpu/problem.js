// What can go wrong, as sentences for the reader in both languages.

/** An error whose `text` is { en, zh }; `kind` is what a caller may branch on. */
export class Problem extends Error {
  constructor(kind, text) {
    super(text.en);
    this.name = "Problem";
    this.kind = kind;
    this.text = text;
  }
}

/** The sentence of any error; what the browser says itself stays in its own language. */
export function sentence(error) {
  return error instanceof Problem ? error.text : { en: `The browser reports: ${error.message}`, zh: `浏览器报告：${error.message}` };
}
