// A search among schedules on the reader's own GPU: at random and guided by a model, side by side, with the same budget.
import { el, pick, svg } from "./dom.js";
import { parseArtefact, parseReference } from "./webgpu/artefact.js";
import { curves, mark } from "./webgpu/curves.js";
import { nextId, oneAtATime, programView, recordedRemark, STAND_IN, statusLine, wgslOf } from "./webgpu/lab.js";
import { digits, duration, rate } from "./webgpu/numbers.js";
import { fitStumps, search } from "./webgpu/search.js";
import { tryArtefact } from "./webgpu/trial.js";
import { unpack } from "./webgpu/unpack.js";
import { word } from "./webgpu/words.js";

const KINDS = ["random", "guided"];
const FIRST = 8; // draws before the model is asked
const QUICK = { batches: 3, batchMs: 15 };
const HOPELESS = 3; // a schedule that takes so many times the best is not timed again

class Refused extends Error {}

/** Measures points on the device, each once; the device and what was refused are noted. */
function measurer({ points, artefacts, reference }, oracle) {
  const known = new Map();
  const notes = { trial: null, refused: 0, wrong: 0 };
  let best = Infinity;
  async function trial({ name }) {
    const artefact = parseArtefact({ ...artefacts[name], reference: null });
    const judged = { reference: parseReference(reference, artefact.tensors), oracle, timing: { ...QUICK, hopeless: HOPELESS * best } };
    const found = await tryArtefact(artefact, judged).catch((error) => {
      if (["none", "lost", "late"].includes(error.kind)) throw error;
      notes.refused += 1;
      throw new Refused(error.message);
    });
    notes.trial = found;
    if (!found.agrees) {
      notes.wrong += 1;
      throw new Refused("wrong");
    }
    return found.timing.seconds;
  }
  async function measure(index) {
    if (!known.has(index)) {
      const seconds = await trial(points[index]).catch((error) => {
        if (error instanceof Refused) return null;
        throw error;
      });
      known.set(index, seconds);
      best = Math.min(best, seconds ?? Infinity);
    }
    return known.get(index);
  }
  return { measure, notes, known };
}

/** Both searches, a measurement of each in turn; `after` is told of each, `stopped` is asked before each. */
async function race(points, { budget, seed }, measure, after, stopped) {
  const searches = KINDS.map((kind) => {
    const progress = { history: [], skipped: [] };
    return { kind, ...progress, steps: search(points, { budget, seed, guided: kind === "guided", first: FIRST, progress }) };
  });
  let open = searches.map((each) => ({ each, step: each.steps.next() }));
  while ((open = open.filter(({ step }) => !step.done)).length) {
    for (const turn of open) {
      if (stopped()) return searches;
      turn.step = turn.each.steps.next(await measure(turn.step.value));
      after(searches);
    }
  }
  return searches;
}

function numberInput(label, least, most, value) {
  const input = el("input", { type: "number", inputmode: "numeric", min: least, max: most, value });
  const read = () => {
    const wanted = Math.round(Number(input.value)) || least;
    input.value = Math.min(most, Math.max(least, wanted));
    return Number(input.value);
  };
  input.addEventListener("change", read);
  return { input, read, element: el("label", {}, label, input) };
}

/** What came of each search: a row a search, with the best schedule as a button that shows it. */
function resultTable(data, lang, choose) {
  const columns = ["search", "measured", "skipped", "bestTime", "bestSchedule"].map((name) => word(name, lang));
  const body = el("tbody");
  const element = el("table", { class: "mlc-gpu-table" },
    el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)))), body);
  function show(searches, points) {
    body.replaceChildren(...searches.map(({ kind, history, skipped }) => {
      const winner = history.reduce((a, b) => (b.seconds < a.seconds ? b : a), { seconds: Infinity });
      const point = points[winner.index];
      const time = point ? `${duration(winner.seconds)}, ${digits(rate(data.work, winner.seconds))} ${data.unit}` : "–";
      const name = point ? el("button", { type: "button", class: "mlc-gpu-step", onclick: () => choose(point) }, point.name) : "–";
      const key = svg("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true", class: "mlc-gpu-key" }, mark(kind, 6, 6));
      return el("tr", {}, el("th", { scope: "row" }, key, word(kind, lang)),
        [String(history.length), String(skipped.length), time, name].map((cell, i) => el("td", { "data-label": columns[i + 1] }, cell)));
    }));
  }
  return { element, show };
}

/** What the model, fitted to everything measured, looks at most. */
function beliefs(points, known, names, lang) {
  const measured = [...known].filter(([, seconds]) => seconds !== null);
  if (measured.length < FIRST) return "";
  const { shares } = fitStumps(measured.map(([index]) => points[index].features), measured.map(([, seconds]) => Math.log(seconds)));
  const order = shares.map((share, i) => ({ share, i })).sort((a, b) => b.share - a.share).slice(0, 3).filter(({ share }) => share > 0.02);
  const list = order.map(({ share, i }) => `${pick(names[i], lang)} (${Math.round(share * 100)} %)`);
  return word("beliefs", lang, { list: list.join(lang === "zh" ? "、" : ", ") });
}

export default function mount(root, data, lang) {
  let stopping = false;
  let packed = null;
  const contents = () => (packed ??= unpack(data.packed));
  const status = statusLine(lang, recordedRemark(data.recorded, lang));
  const progress = el("p", { class: "mlc-soft mlc-gpu-progress" }, word("space", lang, { drawn: data.drawn, valid: data.valid }));
  const chart = curves(word("curvesLabel", lang), word("measurements", lang));
  const budget = numberInput(word("budget", lang), FIRST, data.valid, Math.min(24, data.valid));
  budget.input.dataset.whole = ""; // at its most, everything is measured
  const seed = numberInput(word("seed", lang), 1, 9999, 1);
  const go = el("button", { type: "button", class: "mlc-gpu-main" }, word("searchNow", lang));
  const replay = data.recorded && el("button", { type: "button" }, word("searchRecorded", lang));
  const stop = el("button", { type: "button", disabled: true, onclick: () => (stopping = true) }, word("stop", lang));
  const exclusively = oneAtATime(() => [go, replay, budget.input, seed.input].filter(Boolean), status);
  const learnt = el("p", { class: "mlc-gpu-learnt" });
  const program = programView(lang, nextId());
  const table = resultTable(data, lang, (point) => show(point).catch((error) => status.fail(error)));

  async function show({ name }) {
    const { artefacts, scripts, traces } = await contents();
    program.element.hidden = false;
    program.show(word("program", lang, { name }), [
      { label: word("trace", lang), text: traces[name] }, { label: word("tensorir", lang), text: scripts[name] },
      { label: word("wgsl", lang), text: wgslOf(parseArtefact({ ...artefacts[name], reference: null })) },
    ]);
  }

  function draw(searches, points) {
    chart.draw(searches, budget.read());
    table.show(searches, points);
    const count = Math.max(...searches.map(({ history }) => history.length));
    progress.textContent = word("progress", lang, { count, budget: budget.read() });
  }

  /** Runs both searches with a way to measure, and shows what they found. Returns whether they found anything. */
  async function run(points, measure, known) {
    stopping = false;
    stop.disabled = false;
    learnt.textContent = "";
    try {
      const searches = await race(points, { budget: budget.read(), seed: seed.read() }, measure, (so) => draw(so, points), () => stopping);
      draw(searches, points);
      const all = searches.flatMap(({ history }) => history);
      if (!all.length) return false;
      learnt.textContent = beliefs(points, known, data.features, lang);
      await show(points[all.reduce((a, b) => (b.seconds < a.seconds ? b : a)).index]);
      return true;
    } finally {
      stop.disabled = true;
    }
  }

  async function live() {
    status.say(word("searching", lang));
    const all = await contents();
    const { measure, notes, known } = measurer(all, data.oracle);
    try {
      const found = await run(all.points, measure, known);
      const more = notes.wrong || notes.refused ? word("refused", lang, notes) : "";
      if (found) status.report(notes.trial, more);
      else status.say(more || word("ready", lang), more ? "bad" : "fine");
      record(all.points, known, notes.trial);
    } catch (error) {
      if (data.recorded && STAND_IN.has(error.kind)) await recorded();
      throw error;
    }
  }

  /** The same searches on times that were recorded: a table of costs in place of a device. */
  async function recorded() {
    const { points } = await contents();
    const known = new Map();
    const measure = async (index) => {
      known.set(index, data.recorded.seconds[points[index].name]);
      return known.get(index);
    };
    await run(points, measure, known);
    status.say(recordedRemark(data.recorded, lang));
  }

  /** Leaves the measured seconds where the recorder of this page's own results finds them. */
  function record(points, known, trial) {
    const seconds = points.flatMap(({ name }, i) => (known.get(i) ? [[name, known.get(i)]] : []));
    root.dataset.record = JSON.stringify({ device: trial?.device, software: trial?.software, seconds: Object.fromEntries(seconds) });
  }

  go.addEventListener("click", () => exclusively(live).then(() => go.focus()));
  replay?.addEventListener("click", () => exclusively(recorded).then(() => replay.focus()));
  program.element.hidden = true; // until there is a winner
  table.show(KINDS.map((kind) => ({ kind, history: [], skipped: [] })), []);
  root.append(el("div", { class: "mlc-controls" }, budget.element, seed.element, go, stop, replay),
    status.element, progress, chart.element, table.element, learnt, program.element);
  chart.draw([], budget.read());
}
