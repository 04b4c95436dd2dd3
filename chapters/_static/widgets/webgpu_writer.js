// A language model writes on the reader's own GPU: it answers questions about a story, translates it, or goes on with it.
import { el, pick } from "./dom.js";
import { parseArtefact } from "./webgpu/artefact.js";
import { openDevice } from "./webgpu/device.js";
import { barCell, nextId, oneAtATime, programView, recordedRemark, statusLine } from "./webgpu/lab.js";
import { modelOf } from "./webgpu/model_file.js";
import { brief, digits } from "./webgpu/numbers.js";
import { Problem } from "./webgpu/problem.js";
import { Program } from "./webgpu/program.js";
import { word } from "./webgpu/words.js";
import { said } from "./webgpu/writer_words.js";
import { END, isWord, read, START, TO_CHINESE, TO_ENGLISH, Writer, written } from "./webgpu/writer.js";

const TOLERANCE = 1e-2; // of logits, which are sums of a hundred products and up to about 20 large
const LIKELIEST = 12;
const TASKS = ["answer", "translate", "goOn"];
const WORDS_OF_TASKS = { answer: "taskAnswer", translate: "taskTranslate", goOn: "taskGoOn" };
const FULL_STOPS = /[.?。？]/;
const CHINESE = /[\u4e00-\u9fff]/;

/** The model on a device, tried once on a text that is known; made anew after its device was lost. */
function model(data, say) {
  let [arriving, ready] = [null, null];
  /** The model's data, fetched once; asked for again if it did not come. */
  const contents = () => (arriving ??= modelOf(data.model).catch((error) => {
    arriving = null;
    throw error;
  }));
  async function make(gpu) {
    say("fetching", { size: `${digits(data.bytes.file / 1e6)} MB` });
    const { artefact } = await contents();
    const program = await Program.create(gpu, parseArtefact(artefact));
    try {
      say("checkingModel");
      const writer = new Writer(program);
      await requireKnown(writer, data.known);
      return { gpu, writer };
    } catch (error) {
      program.destroy();
      throw error;
    }
  }
  return {
    contents,
    async open() {
      const gpu = await openDevice();
      if (ready?.gpu !== gpu) ready = await make(gpu);
      return ready;
    },
  };
}

/** Writes the known text; throws a Problem where a word is another, or a logit far off. */
async function requireKnown(writer, { tokens, given, logits }) {
  const found = await writer.write({ prompt: tokens.slice(0, given), most: tokens.length - given, until: -1 });
  const seen = await writer.logits();
  const same = found.tokens.every((token, i) => token === tokens[i]) && logits.every((value, i) => Math.abs(value - seen[i]) <= TOLERANCE);
  if (!same) throw new Problem("reference", { en: said("wrongModel", "en"), zh: said("wrongModel", "zh") });
}

/** The prompt of a task, and the language of what follows. */
function promptOf(task, story, question, vocabulary) {
  const isChinese = CHINESE.test(story);
  const [told, asked] = [read(story, vocabulary), task === "answer" ? read(question, vocabulary) : []];
  if (!told.length || (task === "answer" && !asked.length)) throw new Problem("word", { en: said("noWords", "en"), zh: said("noWords", "zh") });
  const begin = [START, ...told];
  if (task === "translate") return { prompt: [...begin, isChinese ? TO_ENGLISH : TO_CHINESE], lang: isChinese ? "en" : "zh" };
  return { prompt: [...begin, ...asked], lang: isChinese ? "zh" : "en" };
}

/** What is written: at once for the eye, a sentence at a time for a screen reader. */
function page(lang) {
  const shown = el("p", { class: "mlc-gpu-answer mlc-writer-text", "aria-hidden": "true" });
  const heard = el("p", { class: "mlc-writer-heard", "aria-live": "polite" });
  let heardUpTo = 0;
  const full = { en: "en", zh: "zh-CN" };
  return {
    element: el("div", {}, el("p", { class: "mlc-soft" }, said("writes", lang)), shown, heard),
    begin(textLang) {
      heardUpTo = 0;
      shown.lang = heard.lang = full[textLang];
      shown.textContent = heard.textContent = "";
    },
    show(text, done) {
      shown.textContent = text;
      const end = done ? text.length : text.length - [...text].reverse().findIndex((each) => FULL_STOPS.test(each));
      if (end <= text.length && end > heardUpTo) {
        heard.textContent = text.slice(heardUpTo, end);
        heardUpTo = end;
      }
    },
  };
}

function likeliestTable(vocabulary, lang) {
  const rows = el("tbody", {});
  const element = el("table", { class: "mlc-gpu-shares", hidden: true }, el("caption", {}, said("likeliest", lang)), rows);
  return {
    element,
    show(logits) {
      const most = Math.max(...logits);
      const weights = [...logits].map((value) => Math.exp(value - most));
      const sum = weights.reduce((a, b) => a + b, 0);
      const best = weights.map((weight, i) => [weight / sum, vocabulary[i]]).sort(([a], [b]) => b - a).slice(0, LIKELIEST);
      rows.replaceChildren(...best.map(([share, name]) => {
        const cell = barCell(said("likeliest", lang), "measured");
        cell.show(`${digits(share * 100)} %`, share);
        return el("tr", {}, el("th", { scope: "row" }, name), cell.element);
      }));
      element.hidden = false;
    },
  };
}

/** The form: story, task, question, temperature, seed. */
function form(data, lang, id) {
  const story = el("textarea", { id: `${id}-story`, rows: 4, spellcheck: "false" });
  const question = el("input", { id: `${id}-question`, type: "text", list: `${id}-questions`, spellcheck: "false" });
  const suggestions = el("datalist", { id: `${id}-questions` });
  const asked = el("div", {}, el("label", { for: question.id }, said("question", lang)), question, suggestions);
  const temperature = el("input", { id: `${id}-temperature`, type: "range", min: 0, max: 2, step: 0.1, value: 0 });
  const degree = el("output", { for: temperature.id }, "0");
  temperature.addEventListener("input", () => (degree.textContent = temperature.value));
  const seed = el("input", { id: `${id}-seed`, type: "number", min: 0, max: 999999, value: 1 });
  const radios = TASKS.map((task, i) => el("input", { type: "radio", name: `${id}-task`, id: `${id}-${task}`, value: task, checked: i === 0, onchange: () => (asked.hidden = task !== "answer") }));
  let chosen = null;
  const choose = (i) => {
    chosen = data.stories[i];
    story.value = pick(chosen.text, lang);
    story.lang = lang === "zh" ? "zh-CN" : "en";
    const questions = chosen.questions.map(({ asked }) => pick(asked, lang));
    question.value = questions[0];
    suggestions.replaceChildren(...questions.map((value) => el("option", { value })));
  };
  const stories = data.stories.map((_, i) => el("button", { type: "button", onclick: () => choose(i) }, said("storyNumber", lang, { number: i + 1 })));
  choose(0);
  const element = el("div", { class: "mlc-writer-form" },
    el("div", { class: "mlc-controls" }, stories),
    el("label", { for: story.id }, said("story", lang)), story,
    el("fieldset", {}, el("legend", {}, said("task", lang)), radios.map((radio, i) => [radio, el("label", { for: radio.id }, said(WORDS_OF_TASKS[TASKS[i]], lang))])),
    asked,
    el("div", { class: "mlc-controls" }, el("label", { for: temperature.id }, said("temperature", lang)), temperature, degree,
      el("label", { for: seed.id }, word("seed", lang)), seed));
  const values = () => ({
    task: radios.find((radio) => radio.checked).value, story: story.value, question: question.value,
    temperature: Number(temperature.value), seed: Math.abs(Math.trunc(Number(seed.value))) || 0,
  });
  /** The text that is right, where the story and the question are the page's own. */
  const right = ({ task, story: text, question: words }) => {
    const own = chosen && text === pick(chosen.text, lang);
    if (!own || task === "goOn") return null;
    if (task === "translate") return chosen.text[lang === "zh" ? "en" : "zh"];
    const known = chosen.questions.find(({ asked }) => pick(asked, lang) === words);
    return known ? pick(known.answer, lang) : null;
  };
  return { element, values, right };
}

function recordedText(recorded, lang) {
  if (!recorded) return null;
  return el("div", { class: "mlc-writer-recorded" }, el("p", { class: "mlc-soft" }, said("recordedText", lang, { device: pick(recorded.device, lang) })), el("p", {}, pick(recorded.text, lang)));
}

export default function mount(root, data, lang) {
  const id = nextId();
  const status = statusLine(lang, recordedRemark(data.recorded, lang));
  const asks = form(data, lang, id);
  const text = page(lang);
  const verdict = el("p", { class: "mlc-writer-verdict", role: "status" });
  const table = likeliestTable(data.vocabulary, lang);
  const program = programView(lang, id);
  const decoder = model(data, (name, fields) => status.say(said(name, lang, fields)));
  const go = el("button", { type: "button", class: "mlc-gpu-main" }, said("write", lang));
  let isStopped = false;
  const stop = el("button", { type: "button", disabled: true, onclick: () => (isStopped = true) }, word("stop", lang));
  const exclusively = oneAtATime(() => [go], status);

  async function write() {
    const asked = asks.values();
    verdict.textContent = "";
    const { prompt, lang: textLang } = promptOf(asked.task, asked.story, asked.question, data.vocabulary);
    const { gpu, writer } = await decoder.open();
    isStopped = false;
    stop.disabled = false;
    text.begin(textLang);
    const found = [];
    const { ended, steps, seconds } = await writer.write({
      prompt, temperature: asked.temperature, seed: asked.seed, until: END, stopped: () => isStopped,
      told: (fresh) => {
        found.push(...fresh);
        text.show(written(found, data.vocabulary, textLang), false);
      },
    });
    const wrote = written(found, data.vocabulary, textLang);
    text.show(wrote, true);
    table.show(await writer.logits());
    const right = asks.right(asked);
    verdict.textContent = ended === "stopped" ? said("stoppedByReader", lang) : ended === "length" ? said("textIsFull", lang)
      : right === null ? "" : right === wrote ? said("exact", lang) : said("otherThanExpected", lang, { text: right });
    const rate = digits(steps / seconds);
    status.say([said("wroteAt", lang, { device: gpu.name, given: prompt.filter(isWord).length, count: found.filter(isWord).length, rate, bytes: `${brief(data.bytes.word)}B` }), gpu.software && word("software", lang)].filter(Boolean).join(" "));
    root.dataset.record = JSON.stringify({ device: gpu.name, software: gpu.software, text: wrote, seconds: { word: seconds / steps } });
  }

  go.addEventListener("click", () => exclusively(write).finally(() => {
    stop.disabled = true;
    go.focus();
  }));

  async function showKernel(i, buttons) {
    const { artefact, scripts } = await decoder.contents();
    const { kernel } = artefact.launches[i];
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", at === i));
    program.element.hidden = false;
    program.show(word("program", lang, { name: artefact.kernels[kernel].name }), [
      { label: word("tensorir", lang), text: scripts[kernel] }, { label: word("wgsl", lang), text: artefact.kernels[kernel].wgsl },
    ]);
  }
  const launches = data.kernels.map(({ name, grid, block }, i) =>
    el("button", { type: "button", class: "mlc-gpu-step", "aria-pressed": "false", onclick: () => showKernel(i, launches).catch((error) => status.fail(error)) },
      `${i + 1}. ${name} `, el("small", {}, `${grid.join("×")} · ${block.join("×")}`)));

  program.element.hidden = true;
  root.append(...[
    asks.element, el("div", { class: "mlc-controls" }, go, stop), text.element, verdict, status.element, recordedText(data.recorded, lang), table.element,
    el("details", {}, el("summary", {}, said("oneWord", lang)), el("div", { class: "mlc-controls" }, launches)), program.element,
  ].filter(Boolean));
}
