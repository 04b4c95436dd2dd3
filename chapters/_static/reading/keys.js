// Keys: "/" and "s" search, the arrows turn pages, "?" lists the keys.
import { el } from "../widgets/dom.js";

const TEXTS = {
  en: {
    title: "Keys",
    close: "Close",
    keys: [["/", "s", "Search"], ["←", "→", "Page before, page after"], ["?", "This list"], ["Esc", "Close what is open"]],
  },
  zh: {
    title: "快捷键",
    close: "关闭",
    keys: [["/", "s", "搜索"], ["←", "→", "上一页、下一页"], ["?", "显示这个列表"], ["Esc", "关闭打开的窗口"]],
  },
};
// Here keys have a meaning of their own: fields, widgets, listings that scroll, open windows.
const OWN_KEYS = "input, textarea, select, [contenteditable], .mlc-widget, pre, .pst-scrollable-table-container, dialog, [role='tab'], [role='menu']";

/** What a key asks for on a page: "search", "help", "previous", "next" or null. */
export function meaning({ key, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented, target }) {
  if (defaultPrevented || ctrlKey || metaKey || altKey || target?.closest?.(OWN_KEYS)) return null;
  if (key === "?") return "help";
  if (shiftKey && key.startsWith("Arrow")) return null;
  return { "/": "search", s: "search", ArrowLeft: "previous", ArrowRight: "next" }[key] ?? null;
}

function openSearch() {
  const field = document.querySelector(".bd-search-container input") ?? document.querySelector("#pst-search-dialog input");
  const dialog = field?.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  field?.focus();
  field?.select();
}

function help(language) {
  const text = TEXTS[language];
  const rows = text.keys.map((row) => [el("dt", {}, row.slice(0, -1).flatMap((key) => [el("kbd", {}, key), " "])), el("dd", {}, row.at(-1))]);
  const dialog = el("dialog", { class: "mlc-keys", "aria-labelledby": "mlc-keys-title" },
    el("h2", { id: "mlc-keys-title" }, text.title),
    el("dl", {}, rows),
    el("button", { type: "button", class: "btn btn-sm", onclick: () => dialog.close() }, text.close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Let keys work on this page. */
export function listenToKeys(language) {
  const actions = {
    search: openSearch,
    help: () => help(language),
    previous: () => document.querySelector("a.left-prev")?.click(),
    next: () => document.querySelector("a.right-next")?.click(),
  };
  const answer = (event) => {
    const asked = document.querySelector("dialog[open]") ? null : meaning(event);
    if (!asked) return;
    event.preventDefault();
    event.stopPropagation();
    actions[asked]();
  };
  // Before Sphinx's own script, which takes "/" for a field that is not on the page.
  addEventListener("keydown", answer, { capture: true });
}
