// Draw a digit: the course's network, compiled to WGSL, reads it on the reader's own GPU.
import { el, pick } from "./dom.js";
import { parseArtefact } from "./webgpu/artefact.js";
import { openDevice } from "./webgpu/device.js";
import { constantsOf, DIGITS, imageOf, networkInJavaScript, shares, SIDE, verdictOf } from "./webgpu/digits.js";
import { drawingBoard, PEN, pixelView } from "./webgpu/drawing.js";
import { barCell, nextId, oneAtATime, programView, statusLine } from "./webgpu/lab.js";
import { Program } from "./webgpu/program.js";
import { compare } from "./webgpu/reference.js";
import { duration } from "./webgpu/numbers.js";
import { unpack } from "./webgpu/unpack.js";
import { word } from "./webgpu/words.js";

const TOLERANCE = 1e-3; // scores are sums of a hundred products of numbers of size 1

/** The network on a device, checked once on an example; made anew after its device was lost. */
function reader(contents, examples) {
  let ready = null;
  async function make(gpu) {
    const { artefact: data, scores } = await contents();
    const artefact = parseArtefact(data);
    const program = await Program.create(gpu, artefact);
    const [input, output] = ["input", "output"].map((role) => artefact.tensors.findIndex((tensor) => tensor.role === role));
    const classify = async (image) => {
      program.write(input, image);
      await program.run();
      return program.read(output);
    };
    const found = await classify(Float32Array.from(examples[0].pixels, (pixel) => pixel / 16));
    const check = compare(found, scores[0], TOLERANCE);
    const timing = await program.time({ batches: 3 });
    return { gpu, artefact, classify, check, timing, constants: constantsOf(artefact) };
  }
  return async () => {
    const gpu = await openDevice();
    if (ready?.gpu !== gpu) ready = await make(gpu);
    return ready;
  };
}

function resultTable(lang) {
  const label = word("share", lang);
  const names = [...Array(DIGITS).keys()].map(String).concat(word("noDigit", lang));
  const rows = names.map((name) => ({ name, cell: barCell(label, "measured") }));
  const element = el("table", { class: "mlc-gpu-shares" }, el("caption", {}, label),
    el("tbody", {}, rows.map(({ name, cell }) => el("tr", {}, el("th", { scope: "row" }, name), cell.element))));
  return {
    element,
    show(scores) {
      shares(scores).forEach((share, i) => rows[i].cell.show(`${(share * 100).toFixed(share > 0.0995 ? 0 : 1)} %`, share));
    },
  };
}

/** What a recorded device read in the examples. */
function recordedAnswers(recorded, lang) {
  if (!recorded) return "";
  const fields = { digits: recorded.answers.join(" "), time: duration(recorded.seconds.image), device: pick(recorded.device, lang) };
  return word("recordedAnswers", lang, fields);
}

/** Leaves the answers to all examples where the recorder of this page's own results finds them. */
function record(root, { name, software }, timing, answers) {
  root.dataset.record = JSON.stringify({ device: name, software, answers, seconds: { image: timing.seconds } });
}

/** The answer in words; `told` names it where there is one, `unsure` where there is none. */
function said(scores, lang, told, unsure) {
  const digit = verdictOf(scores);
  return digit === null ? word(unsure, lang) : word(told, lang, { digit });
}

export default function mount(root, data, lang) {
  let image = null;
  let example = -1; // which of the examples it is
  let opened = false; // once the reader has asked for the device, every stroke is read
  let packed = null;
  const contents = () => (packed ??= unpack(data.packed));
  const network = reader(contents, data.examples);
  const status = statusLine(lang, recordedAnswers(data.recorded, lang));
  const answers = new Array(data.examples.length).fill(null);
  const seen = pixelView(word("seen", lang), SIDE);
  const answer = el("p", { class: "mlc-gpu-answer", "aria-live": "polite" }, word("drawFirst", lang));
  const table = resultTable(lang);
  const program = programView(lang, nextId());
  const go = el("button", { type: "button", class: "mlc-gpu-main", disabled: true }, word("classify", lang));
  const exclusively = oneAtATime(() => [go], status);
  const board = drawingBoard(word("board", lang), () => look(imageOf(board.strokes())));

  function look(pixels, number = -1) {
    image = pixels;
    example = number;
    seen.show(image);
    go.disabled = false;
    if (opened) exclusively(read);
  }

  async function read() {
    answer.textContent = word("running", lang);
    const [asked, number] = [image, example];
    try {
      const { gpu, classify, check, timing, constants } = await network();
      opened = true;
      const scores = await classify(asked);
      const inJavaScript = compare(scores, networkInJavaScript(asked, constants), TOLERANCE);
      const checks = [{ ...check, against: "reference" }, { ...inJavaScript, against: "javascript" }];
      table.show(scores);
      answer.textContent = said(scores, lang, "answer", "notSure");
      if (number >= 0) answers[number] = verdictOf(scores) ?? "?";
      if (!answers.includes(null)) record(root, gpu, timing, answers);
      const wrong = checks.find(({ agrees }) => !agrees);
      if (wrong) status.say(word("wrong", lang, { count: wrong.wrong }), "bad");
      else status.report({ device: gpu.name, software: gpu.software, checks, timing }, word("forOne", lang, { time: duration(timing.seconds) }));
    } catch (error) {
      await withoutDevice(error, asked);
    }
  }

  /** Without a device the answer still comes, from plain JavaScript, and is said to. */
  async function withoutDevice(error, asked) {
    const constants = constantsOf(parseArtefact((await contents()).artefact));
    const scores = networkInJavaScript(asked, constants);
    table.show(scores);
    answer.textContent = said(scores, lang, "answerInJavaScript", "notSureInJavaScript");
    status.fail(error);
  }

  go.addEventListener("click", () => exclusively(read).then(() => go.focus()));
  const width = el("input", { type: "range", min: PEN.least, max: PEN.most, value: PEN.usual, oninput: () => board.setPen(width.value) });
  const clear = el("button", { type: "button", onclick: () => { board.clear(); image = null; seen.show([]); go.disabled = true; answer.textContent = word("drawFirst", lang); } }, word("clear", lang));
  const examples = data.examples.map(({ label, pixels }, i) =>
    el("button", { type: "button", "aria-label": word("example", lang, { digit: label }), onclick: () => { board.clear(); look(Float32Array.from(pixels, (pixel) => pixel / 16), i); } }, String(label)));

  async function showKernel(i, buttons) {
    const { artefact, scripts } = await contents();
    const { kernels, launches } = parseArtefact(artefact);
    const number = launches[i].kernel;
    program.element.hidden = false;
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", at === i));
    program.show(word("program", lang, { name: kernels[number].name }), [
      { label: word("tensorir", lang), text: scripts[number] }, { label: word("wgsl", lang), text: kernels[number].wgsl },
    ]);
  }

  const launches = data.kernels.map(({ name, grid, block }, i) =>
    el("button", { type: "button", class: "mlc-gpu-step", "aria-pressed": "false", onclick: () => showKernel(i, launches).catch((error) => status.fail(error)) },
      `${i + 1}. ${name} `, el("small", {}, `${word("grid", lang)} ${grid.join("×")}${lang === "zh" ? "，" : ", "}${word("block", lang)} ${block.join("×")}`)));

  root.append(
    el("div", { class: "mlc-gpu-digit" },
      el("div", {}, board.element, el("div", { class: "mlc-controls" }, go, clear), el("label", {}, word("pen", lang), width)),
      el("div", {}, el("p", { class: "mlc-soft" }, word("seen", lang)), seen.element,
        el("p", { class: "mlc-soft" }, word("examples", lang)), el("div", { class: "mlc-controls mlc-gpu-examples" }, examples)),
      el("div", {}, answer, table.element)),
    status.element,
    el("p", {}, word("launched", lang)), el("div", { class: "mlc-controls" }, launches), program.element,
  );
  program.element.hidden = !data.open;
  return data.open ? showKernel(0, launches) : undefined;
}
