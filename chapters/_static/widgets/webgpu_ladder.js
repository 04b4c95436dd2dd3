// A ladder of schedules of one program: each step with its program, what the simulator counts for it, and how fast the
// reader's own GPU runs it.
import { el, pick } from "./dom.js";
import { parseArtefact, parseReference } from "./webgpu/artefact.js";
import { openDevice } from "./webgpu/device.js";
import { barCell, nextId, oneAtATime, programView, statusLine, wgslOf } from "./webgpu/lab.js";
import { brief, digits, duration, rate } from "./webgpu/numbers.js";
import { tryArtefact } from "./webgpu/trial.js";
import { unpack } from "./webgpu/unpack.js";
import { word } from "./webgpu/words.js";

const NO_REFERENCE = { reference: null };

/** One row of the chart. */
function makeRow(step, data, lang) {
  const choose = el("button", { type: "button", class: "mlc-gpu-step", "aria-pressed": "false" }, step.name);
  const cells = data.counters.map(({ label }) => barCell(pick(label, lang), "counted"));
  const mine = barCell(`${word("timed", lang)}, ${data.unit}`, "measured");
  const result = el("td", { "data-label": word("result", lang), class: "mlc-gpu-result" }, "–");
  const go = el("button", { type: "button", "aria-label": `${word("run", lang)} ${step.name}` }, word("run", lang));
  const element = el("tr", {}, el("th", { scope: "row" }, choose), cells.map((cell) => cell.element), mine.element, result, el("td", {}, go));
  return { step, element, choose, cells, mine, result, go, seconds: null };
}

function showCounters(rows, data) {
  data.counters.forEach((_, column) => {
    const most = Math.max(...rows.map(({ step }) => step.counters[column]), 1);
    rows.forEach((row) => row.cells[column].show(brief(row.step.counters[column]), row.step.counters[column] / most));
  });
}

function showTimes(rows, data, lang) {
  const rates = rows.map((row) => (row.seconds ? rate(data.work, row.seconds) : 0));
  const most = Math.max(...rates, 1e-9);
  rows.forEach((row, i) => row.mine.show(row.seconds ? `${digits(rates[i])} (${duration(row.seconds)})` : "–", rates[i] / most));
}

function header(data, lang) {
  const counted = data.counters.map(({ label }) => el("th", { scope: "col" }, pick(label, lang), el("small", {}, word("simulated", lang))));
  return el("thead", {}, el("tr", {}, el("th", { scope: "col" }, word("step", lang)), counted,
    el("th", { scope: "col" }, word("timed", lang), el("small", {}, data.unit)), el("th", { scope: "col" }, word("result", lang)), el("td", {})));
}

export default function mount(root, data, lang) {
  let last = null; // what ran last
  const status = statusLine(lang, word("countsStandIn", lang));
  const rows = data.steps.map((step) => makeRow(step, data, lang));
  const program = programView(lang, nextId());
  const all = el("button", { type: "button", class: "mlc-gpu-main" }, word("runAll", lang));
  const exclusively = oneAtATime(() => [all, ...rows.map(({ go }) => go)], status);
  const contents = () => (root.contents ??= unpack(data.packed)); // one promise for all

  async function choose(row) {
    rows.forEach((each) => each.choose.setAttribute("aria-pressed", each === row));
    const { scripts, artefacts } = await contents();
    const i = rows.indexOf(row);
    const wgsl = wgslOf(parseArtefact({ ...artefacts[i], ...NO_REFERENCE }));
    program.show(word("program", lang, { name: row.step.name }), [
      { label: word("tensorir", lang), text: scripts[i] }, { label: word("wgsl", lang), text: wgsl },
    ]);
  }

  async function run(row) {
    row.result.textContent = word("running", lang);
    try {
      const { artefacts, reference } = await contents();
      const artefact = parseArtefact({ ...artefacts[rows.indexOf(row)], ...NO_REFERENCE });
      const found = await tryArtefact(artefact, { reference: parseReference(reference, artefact.tensors), oracle: data.oracle });
      const wrong = found.checks.find(({ agrees }) => !agrees);
      row.result.textContent = wrong ? word("wrong", lang, { count: wrong.wrong }) : word("right", lang);
      row.result.dataset.mood = wrong ? "bad" : "fine";
      row.seconds = found.timing?.seconds ?? null;
      last = found;
      if (found.timing) status.report(found);
      showTimes(rows, data, lang);
    } catch (error) {
      row.result.textContent = "–";
      throw error;
    }
  }

  rows.forEach((row) => {
    row.choose.addEventListener("click", () => choose(row).catch((error) => status.fail(error)));
    row.go.addEventListener("click", () => exclusively(async () => {
      await choose(row);
      await run(row);
    }).then(() => row.go.focus()));
  });
  all.addEventListener("click", () => exclusively(async () => {
    for (const row of rows) await run(row);
  }).then(() => last && recordFor(root, rows, last)));

  showCounters(rows, data);
  // Without WebGPU the reader is told at once what to look at instead, before pressing anything.
  if (!navigator.gpu) openDevice().catch((error) => status.fail(error, "fine"));
  root.append(
    el("div", { class: "mlc-controls" }, all), status.element,
    el("table", { class: "mlc-gpu-table" }, header(data, lang), el("tbody", {}, rows.map(({ element }) => element))), program.element,
    ...recordedPart(data, lang),
  );
  return choose(rows[0]);
}

/** Times recorded elsewhere, folded and below all else: a list that says what took them, not a chart that ranks the steps. */
function recordedPart({ recorded, steps }, lang) {
  if (!recorded) return [];
  const { device, seconds } = recorded;
  const rows = steps.map(({ name }) => el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "mlc-number" }, duration(seconds[name]))));
  // A record of a device in software names the device in both languages.
  const remark = typeof device === "string" ? [] : [el("p", { class: "mlc-soft" }, word("recordedInSoftware", lang))];
  return [el("details", { class: "mlc-gpu-recorded" },
    el("summary", {}, word("recordedTimes", lang, { device: pick(device, lang) })), ...remark, el("table", {}, el("tbody", {}, rows)))];
}

/** Leaves the measured seconds where the recorder of this page's own results finds them. */
function recordFor(root, rows, { device, software }) {
  root.dataset.record = JSON.stringify({ device, software, seconds: Object.fromEntries(rows.map(({ step, seconds }) => [step.name, seconds])) });
}
