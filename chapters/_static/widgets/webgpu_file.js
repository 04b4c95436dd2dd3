// Runs the kernels of a file that export_webgpu wrote: a learner's own schedule on the learner's own GPU.
import { el } from "./dom.js";
import { LIMITS, readArtefact } from "./webgpu/artefact.js";
import { nextId, oneAtATime, programView, statusLine } from "./webgpu/lab.js";
import { duration } from "./webgpu/numbers.js";
import { Problem } from "./webgpu/problem.js";
import { tryArtefact } from "./webgpu/trial.js";
import { unpack } from "./webgpu/unpack.js";
import { word } from "./webgpu/words.js";

/** A file's text; its size is looked at before it is read. */
async function textOf(file) {
  if (file.size > LIMITS.fileBytes) {
    throw new Problem("artefact", {
      en: `This file has ${file.size} bytes, allowed are ${LIMITS.fileBytes}.`,
      zh: `该文件有 ${file.size} 字节，最多允许 ${LIMITS.fileBytes} 字节。`,
    });
  }
  return file.text();
}

function kernelTable(artefact, lang) {
  const head = ["kernel", "grid", "block", "shared"].map((name) => el("th", { scope: "col" }, word(name, lang)));
  const rows = artefact.launches.map(({ kernel, grid }) => {
    const { name, block, shared } = artefact.kernels[kernel];
    return el("tr", {}, [name, grid.join("×"), block.join("×"), String(shared)].map((text) => el("td", {}, text)));
  });
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

export default function mount(root, data, lang) {
  let artefact = null;
  const status = statusLine(lang);
  const id = nextId();
  const program = programView(lang, id);
  const contents = el("div", {});
  const result = el("p", { class: "mlc-gpu-answer", "aria-live": "polite" });
  const go = el("button", { type: "button", class: "mlc-gpu-main", disabled: true }, word("runFile", lang));
  const exclusively = oneAtATime(() => [go], status);

  function show(source) {
    artefact = null;
    go.disabled = true;
    result.textContent = "";
    contents.replaceChildren();
    artefact = readArtefact(source);
    if (!artefact.reference) {
      artefact = null;
      throw new Problem("artefact", { en: "This file has no inputs and results to compare with; write it with export_webgpu.", zh: "该文件没有输入和可比较的结果；请用 export_webgpu 生成。" });
    }
    go.disabled = false;
    contents.replaceChildren(el("p", { class: "mlc-gpu-title" }, artefact.name), kernelTable(artefact, lang));
    program.show(word("program", lang, { name: artefact.name }), artefact.kernels.map(({ name, wgsl }) => ({ label: name, text: wgsl })));
    status.say(word("fileRead", lang));
  }

  const take = (file) => file && textOf(file).then(show).catch((error) => status.fail(error));

  async function run() {
    result.textContent = word("running", lang);
    try {
      const found = await tryArtefact(artefact);
      const wrong = found.checks.find(({ agrees }) => !agrees);
      if (wrong) {
        result.textContent = word("wrong", lang, { count: wrong.wrong });
        status.say(word("wrongFile", lang), "bad");
      } else {
        result.textContent = `${word("right", lang)}, ${duration(found.timing.seconds)}`;
        status.report(found);
      }
    } catch (error) {
      result.textContent = "";
      throw error;
    }
  }

  go.addEventListener("click", () => exclusively(run).then(() => go.focus()));
  const input = el("input", { type: "file", id: `${id}-file`, accept: ".json,application/json", onchange: () => take(input.files[0]) });
  const example = el("button", { type: "button", onclick: () => unpack(data.example).then((value) => show(JSON.stringify(value))).catch((error) => status.fail(error)) }, word("exampleFile", lang));
  const zone = el("div", { class: "mlc-gpu-drop" }, el("label", { for: `${id}-file` }, word("dropHere", lang)), input, example);
  for (const name of ["dragover", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      if (name === "drop") take(event.dataTransfer.files[0]);
    });
  }
  root.append(zone, contents, el("div", { class: "mlc-controls" }, go), result, status.element, program.element);
}
