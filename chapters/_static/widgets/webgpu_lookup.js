// Looks rows of a table up by numbers that the reader types. A number that no row has is refused before the device is asked.
import { el, pick } from "./dom.js";
import { parseArtefact } from "./webgpu/artefact.js";
import { openDevice } from "./webgpu/device.js";
import { readIndices } from "./webgpu/indices.js";
import { nextId, oneAtATime, programView, statusLine, wgslOf } from "./webgpu/lab.js";
import { digits } from "./webgpu/numbers.js";
import { sentence } from "./webgpu/problem.js";
import { Program } from "./webgpu/program.js";
import { compare } from "./webgpu/reference.js";
import { unpack } from "./webgpu/unpack.js";
import { word } from "./webgpu/words.js";

/** The artefact, its table as one row after the other, and the texts of its program. */
async function contentsOf(packed) {
  const { artefacts, script, table } = await unpack(packed);
  const artefact = parseArtefact(artefacts[0]);
  const tensors = Object.fromEntries(artefact.tensors.map(({ role, dtype }, i) => [role === "input" ? dtype : role, i]));
  return { artefact, script, table, numbers: tensors.int32, rows: tensors.float32, output: tensors.output };
}

/** Runs the kernels once on numbers that were judged already. */
async function lookUp({ artefact, table, numbers, rows, output }, indices) {
  const gpu = await openDevice();
  const program = await Program.create(gpu, artefact);
  try {
    program.write(rows, Float32Array.from(table.flat()));
    program.write(numbers, indices);
    await program.run();
    const found = await program.read(output);
    const check = compare(found, Array.from(indices).flatMap((row) => table[row]), 0);
    return { gpu, found, check };
  } finally {
    program.destroy();
  }
}

export default function mount(root, data, lang) {
  const id = nextId();
  const [least, most] = data.range;
  const status = statusLine(lang);
  const program = programView(lang, id);
  let packed = null;
  const contents = () => (packed ??= contentsOf(data.packed));
  const hint = el("p", { id: `${id}-range` }, word("typeRows", lang, { least, most }));
  const refusal = el("p", { id: `${id}-refusal`, class: "mlc-gpu-refusal", "aria-live": "assertive" });
  const fields = data.rows.map((row) =>
    el("input", { type: "text", inputmode: "numeric", size: 5, autocomplete: "off", value: row, "aria-describedby": `${id}-range`, oninput: accept, onkeydown: ({ key }) => key === "Enter" && start() }));
  const labels = fields.map((field, i) => el("label", {}, `${data.input}[${i}]`, field));
  const go = el("button", { type: "button", class: "mlc-gpu-main", onclick: start }, word("lookUp", lang));
  const exclusively = oneAtATime(() => [go], status);
  const body = el("tbody", {});
  const result = el("table", { class: "mlc-gpu-rows", hidden: true }, el("caption", {}, word("rowsRead", lang)), body);

  function start() {
    exclusively(run);
  }

  function accept() {
    refusal.textContent = "";
    fields.forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", `${id}-range`);
    });
  }

  function refuse(error) {
    refusal.textContent = pick(sentence(error), lang);
    fields[error.at].setAttribute("aria-invalid", "true");
    fields[error.at].setAttribute("aria-describedby", `${id}-refusal ${id}-range`);
    fields[error.at].focus();
  }

  function show(indices, found) {
    const columns = found.length / indices.length;
    body.replaceChildren(...Array.from(indices, (row, i) =>
      el("tr", {}, el("th", { scope: "row" }, `${data.input}[${i}] = ${row}`),
        Array.from(found.slice(i * columns, (i + 1) * columns), (value) => el("td", {}, digits(value))))));
    result.hidden = false;
  }

  async function run() {
    accept();
    result.hidden = true; // what was found before is no answer to what is asked now
    status.say("");
    const held = await contents();
    let indices;
    try {
      indices = readIndices(fields.map(({ value }) => value), held.artefact.tensors[held.numbers]);
    } catch (error) {
      if (error.at === undefined) throw error;
      return refuse(error);
    }
    status.say(word("running", lang));
    const { gpu, found, check } = await lookUp(held, indices);
    show(indices, found);
    if (check.agrees) status.say([word("foundRows", lang, { device: gpu.name }), gpu.software && word("software", lang)].filter(Boolean).join(" "));
    else status.say(word("wrong", lang, { count: check.wrong }), "bad");
    return go.focus();
  }

  // Not a form: the frames in which some notebooks show outputs let none be sent.
  root.append(hint, el("div", { class: "mlc-gpu-ids" }, labels), el("div", { class: "mlc-controls" }, go), refusal, result, status.element, program.element);
  return contents().then(({ artefact, script }) =>
    program.show(word("program", lang, { name: artefact.name }), [{ label: word("tensorir", lang), text: script }, { label: word("wgsl", lang), text: wgslOf(artefact) }]));
}
