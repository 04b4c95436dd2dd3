// The search field of a page: results as one types. The engine and its data are fetched once a reader searches.
import { el, language } from "../widgets/dom.js";

const TEXTS = {
  en: {
    found: (n, query) => (n === 0 ? `Nothing found for “${query}”.` : n === 1 ? "1 section" : `${n} sections`),
    failed: "The search could not be loaded. Reload the page to try again.",
    all: "All results",
  },
  zh: {
    found: (n, query) => (n === 0 ? `没有找到“${query}”。` : `${n} 节`),
    failed: "搜索未能加载。请重新加载页面再试。",
    all: "全部结果",
  },
};
const SITE = new URL("../../", import.meta.url);
const MOST = 30;
const MOST_IN_DIALOG = 6;
let loading;

async function load() {
  const [{ Engine }, { excerpt }, answer] = await Promise.all([import("./engine.js"), import("./excerpt.js"), fetch(new URL("search.json", SITE))]);
  if (!answer.ok) throw new Error(`search.json: ${answer.status}`);
  return { engine: new Engine(await answer.json()), excerpt };
}

/** The engine, fetched when first asked for; after a failure the next question tries again. */
function engine() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function item({ section, chapter }, query, excerpt) {
  const marked = (text) => excerpt(text, query).map((piece) => (piece.isMarked ? el("mark", {}, piece.text) : piece.text));
  const href = new URL(`${section.page}.html${section.level > 1 || section.kind === "term" ? `#${section.anchor}` : ""}`, SITE).href;
  const link = el("a", { href }, el("strong", {}, section.title), chapter === section.title ? null : el("span", {}, chapter));
  return el("li", {}, link, el("p", {}, marked(section.text || section.code)));
}

/** Show the results of a query in a box. Typing on overtakes what is not ready yet. */
async function show(box, query, most, text) {
  box.dataset.query = query;
  if (!query.trim()) {
    box.replaceChildren();
    return;
  }
  try {
    const { engine: found, excerpt } = await engine();
    if (box.dataset.query !== query) return;
    const results = found.search(query);
    const list = el("ol", {}, results.slice(0, most).map((result) => item(result, query, excerpt)));
    box.replaceChildren(el("p", { role: "status", class: "mlc-found-count" }, text.found(results.length, query)), list);
    if (results.length > most && most === MOST_IN_DIALOG) {
      box.append(el("a", { class: "mlc-found-all", href: new URL(`search.html?q=${encodeURIComponent(query)}`, SITE).href }, text.all));
    }
  } catch (error) {
    console.error(error);
    box.replaceChildren(el("p", { role: "alert" }, text.failed));
  }
}

/** Arrow keys go from the field through the results and back. */
function moveByArrows(form, box) {
  form.parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [form.elements.q, ...box.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

/** Make a form search as one types. On the search page the address keeps the query, so that it can be shared and gone back to. */
function connect(form, box, { most, keepsQuery }) {
  const text = TEXTS[language()];
  const field = form.elements.q;
  const renew = () => show(box, field.value, most, text);
  field.addEventListener("focus", () => engine().catch(() => {}));
  field.addEventListener("input", () => {
    if (keepsQuery) {
      history.replaceState(history.state, "", field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname);
      dispatchEvent(new Event("mlc-address"));
    }
    renew();
  });
  if (keepsQuery) {
    form.addEventListener("submit", (event) => event.preventDefault());
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    field.focus();
    renew();
  }
  moveByArrows(form, box);
}

const page = document.querySelector(".bd-search-container");
const dialog = document.getElementById("pst-search-dialog");
if (page) connect(page.querySelector("form"), page.querySelector(".mlc-found"), { most: MOST, keepsQuery: true });
if (dialog) {
  const box = el("div", { class: "mlc-found" });
  dialog.append(box);
  connect(dialog.querySelector("form"), box, { most: MOST_IN_DIALOG, keepsQuery: false });
}
