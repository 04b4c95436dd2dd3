// What all widgets share: making elements, choosing the page's language, reading data. No drawing of its own.
const SVG = "http://www.w3.org/2000/svg";

/** The page's language: "en" or "zh". */
export function language() {
  return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
}

/** A text in the reader's language; plain strings and numbers read the same in both. */
export function pick(text, lang) {
  return text !== null && typeof text === "object" ? text[lang] : String(text);
}

/** A function from the name of a text in a table { name: { en, zh } } to that text in the reader's language. */
export function speaker(words, lang) {
  return (name) => pick(words[name], lang);
}

/** The data of a widget: the JSON in its script element. */
export function readData(root) {
  const script = root.querySelector('script[type="application/json"]');
  if (!script) throw new Error("the widget has no data");
  return JSON.parse(script.textContent);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: el("button", { class: "x", onclick: f }, "text", child, …). */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element, in the same way. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Whether the reader asked for less motion. */
export function prefersStillness() {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
