// Where the reader stopped: remembered while reading, offered on the front page, forgotten with the progress.
import { el } from "../widgets/dom.js";

export const KEY = "mlc-place";
const TEXTS = {
  en: { resume: "Continue where you stopped: ", between: ", " },
  zh: { resume: "从上次停下的地方继续：", between: "，" },
};
const REST = 400;

/** The place in stored text, or null where it is none: { page, anchor, title, language }. */
export function parsePlace(text) {
  try {
    const place = JSON.parse(text);
    const isPlace = /^[\w-]+$/.test(place?.page) && /^[\w-]*$/.test(place?.anchor) && typeof place.title === "string";
    return isPlace ? { page: place.page, anchor: place.anchor, title: place.title, language: place.language } : null;
  } catch {
    return null;
  }
}

export function forgetPlace() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: then nothing is remembered.
  }
  document.querySelector(".mlc-resume")?.remove();
}

/** The section whose heading was passed last; null above the first heading below the page's own. */
function sectionNow() {
  const passed = [...document.querySelectorAll("article section section[id]")].filter((section) => section.getBoundingClientRect().top < innerHeight / 3);
  return passed.pop() ?? null;
}

function titleOf(section) {
  const heading = section.querySelector("h2, h3, h4").cloneNode(true);
  heading.querySelector(".headerlink")?.remove();
  return heading.textContent.trim();
}

/** Remember the place on this page whenever the reader rests. */
export function rememberPlace(language) {
  const page = /([\w-]+)\.html$/.exec(location.pathname)?.[1];
  if (!page) return;
  let timer = 0;
  const store = () => {
    const section = sectionNow();
    if (!section) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ page, anchor: section.id, title: titleOf(section), language }));
    } catch {
      // As above.
    }
  };
  addEventListener("scroll", () => (clearTimeout(timer), (timer = setTimeout(store, REST))), { passive: true });
  addEventListener("pagehide", () => scrollY > 0 && store());
}

/** Offer the place in the front page's section on where to start. A heading of the other language is not shown. */
export function offerPlace(section, language) {
  let place = null;
  try {
    place = parsePlace(localStorage.getItem(KEY));
  } catch {
    // As above.
  }
  const chapter = place && document.querySelector(`.bd-docs-nav a[href="${place.page}.html"]`);
  if (!chapter) return;
  const text = TEXTS[language];
  const name = chapter.cloneNode(true);
  name.querySelector(".mlc-tick")?.remove();
  const heading = place.language === language && place.title ? text.between + place.title : "";
  section.append(el("p", { class: "mlc-resume" }, text.resume, el("a", { href: `${place.page}.html#${place.anchor}` }, name.textContent.trim() + heading)));
}
