// Terms of the glossary: pointing at one, focusing it or touching it shows the other language's term and the meaning.
import { el } from "../widgets/dom.js";

const ID = "mlc-term-note";
const GAP = 8;
// Long enough to move the pointer from the term to its note.
const LINGER = 200;

/** Where a note stands: below the term, above it where there is no room, inside the window. All lengths in pixels. */
export function place(term, note, window) {
  const left = Math.max(GAP, Math.min(term.left, window.width - note.width - GAP));
  const below = term.bottom + GAP / 2;
  const above = term.top - GAP / 2 - note.height;
  return { left, top: below + note.height > window.height && above >= 0 ? above : below };
}

function makeNote(term) {
  return el(
    "div",
    { id: ID, role: "tooltip" },
    el("strong", { lang: term.dataset.otherLang }, term.dataset.other),
    el("span", {}, term.dataset.meaning),
  );
}

/** Let the terms of this page explain themselves. */
export function explainTerms() {
  let shown = null;
  let shownAt = 0;
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    document.getElementById(ID)?.remove();
    shown?.removeAttribute("aria-describedby");
    shown = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, LINGER);
  };
  const show = (term) => {
    clearTimeout(timer);
    if (shown === term) return;
    hide();
    const note = makeNote(term);
    document.body.append(note);
    const spot = place(term.getClientRects()[0], note.getBoundingClientRect(), { width: document.documentElement.clientWidth, height: innerHeight });
    note.style.left = `${spot.left}px`;
    note.style.top = `${spot.top}px`;
    note.addEventListener("pointerenter", () => clearTimeout(timer));
    note.addEventListener("pointerleave", hideSoon);
    term.setAttribute("aria-describedby", ID);
    shown = term;
    shownAt = term.getClientRects()[0].top;
  };
  // A scroll may be told of after the pointer has come to rest on the term: only one that moves the term away counts.
  const hideIfMoved = () => shown && Math.abs(shown.getClientRects()[0].top - shownAt) > 2 && hide();
  for (const term of document.querySelectorAll("a.mlc-term")) {
    let touched = false;
    term.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(term));
    term.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hideSoon());
    term.addEventListener("focus", () => !touched && show(term));
    term.addEventListener("blur", hideSoon);
    // A finger cannot point: the first touch explains, the second follows the link.
    term.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch" && shown !== term));
    term.addEventListener("click", (event) => {
      if (touched) {
        event.preventDefault();
        show(term);
      }
      touched = false;
    });
  }
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", hideIfMoved, { passive: true });
  addEventListener("pointerdown", (event) => shown && !shown.contains(event.target) && !event.target.closest?.(`#${ID}`) && hide());
}
