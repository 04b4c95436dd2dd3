// Pieces that the labs share: the line about the device, the chart of steps, the program of a step.
import { el, pick } from "../dom.js";
import { sentence } from "./problem.js";
import { word } from "./words.js";

/** What is wrong when what was recorded stands in for the reader's own results. */
export const STAND_IN = new Set(["none", "lost", "late", "feature"]);

/** Where recorded results come from, as a sentence; nothing where there are none. */
export const recordedRemark = (recorded, lang) => (recorded ? word("recorded", lang, { device: pick(recorded.device, lang) }) : "");

/** A line that says what goes on; screen readers hear of it. `say(text, "bad")` marks a problem. `remark` tells of recorded results. */
export function statusLine(lang, remark = "") {
  const element = el("p", { class: "mlc-gpu-status", role: "status" }, `${word("ready", lang)} ${remark}`);
  return {
    element,
    say(text, mood = "fine") {
      element.textContent = typeof text === "string" ? text : pick(text, lang);
      element.dataset.mood = mood;
    },
    fail(error, mood = "bad") {
      const said = pick(sentence(error), lang);
      this.say(STAND_IN.has(error.kind) ? `${said} ${remark}` : said, mood);
    },
    /** Names the device after a trial; `more` is a sentence of the lab's own. */
    report({ device, software, checks, timing }, more = "") {
      const javascript = checks.some(({ against }) => against === "javascript") ? word("javascript", lang) : "";
      const clock = word(timing?.clock === "wall" ? "clockWall" : "clockDevice", lang);
      const said = word("notice", lang, { device, javascript, clock });
      this.say([said, more, software && word("software", lang)].filter(Boolean).join(" "));
    },
  };
}

/** Runs one thing at a time: while it runs, the buttons of a lab are off. */
export function oneAtATime(buttons, status) {
  let busy = false;
  return async (work) => {
    if (busy) return;
    busy = true;
    buttons().forEach((button) => (button.disabled = true));
    try {
      await work();
    } catch (error) {
      status.fail(error);
    } finally {
      busy = false;
      buttons().forEach((button) => (button.disabled = false));
    }
  };
}

/** A number with a bar of a share of the longest; the bar is decoration, the number is the content. */
export function barCell(label, kind) {
  const number = el("span", { class: "mlc-gpu-number" }, "–");
  const bar = el("span", { class: `mlc-gpu-bar mlc-gpu-${kind}`, "aria-hidden": "true" });
  return {
    element: el("td", { "data-label": label }, number, bar),
    show(text, share) {
      number.textContent = text;
      bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
    },
  };
}

function lines(text) {
  return text.trimEnd().split("\n").map((line) => el("span", {}, line || " "));
}

/** The program of a step behind tabs; `show(title, [{ label, text }])` changes it and keeps the tab that was open. */
export function programView(lang, id) {
  let open = 0;
  const title = el("p", { class: "mlc-gpu-title" });
  const tabs = el("div", { class: "mlc-controls", role: "tablist" });
  const panel = el("pre", { class: "mlc-lines mlc-gpu-code", role: "tabpanel", id: `${id}-panel`, tabindex: "0" });
  const element = el("div", { class: "mlc-gpu-program" }, title, tabs, panel);

  function show(name, texts) {
    open = Math.min(open, texts.length - 1);
    title.textContent = name;
    const select = (i, focus) => {
      open = (i + texts.length) % texts.length;
      buttons.forEach((button, at) => {
        button.setAttribute("aria-selected", at === open);
        button.tabIndex = at === open ? 0 : -1;
      });
      panel.setAttribute("aria-labelledby", buttons[open].id);
      panel.replaceChildren(...lines(texts[open].text));
      if (focus) buttons[open].focus();
    };
    const buttons = texts.map(({ label }, i) =>
      el("button", {
        type: "button", role: "tab", id: `${id}-tab-${i}`, "aria-controls": `${id}-panel`,
        onclick: () => select(i),
        onkeydown: ({ key }) => key in MOVES && select(i + MOVES[key], true),
      }, label),
    );
    tabs.replaceChildren(...buttons);
    select(open);
  }
  return { element, show };
}

const MOVES = { ArrowRight: 1, ArrowLeft: -1 };

/** An identifier of its own for each lab of a page. In a notebook every lab brings this module along, so counting does not do. */
export const nextId = (() => {
  const own = Math.random().toString(36).slice(2, 10);
  let count = 0;
  return () => `mlc-gpu-${own}-${(count += 1)}`;
})();

/** The texts of an artefact: what its kernels are, one after the other. */
export const wgslOf = (artefact) => artefact.kernels.map(({ wgsl }) => wgsl).join("\n");
