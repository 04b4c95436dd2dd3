// The schedule explorer: the steps of a schedule, what each changes in the loop nest, the order in which the
// program touches memory, and what is counted. Data: mlc_ref/viz/explorer.
import { el, pick, prefersStillness, svg } from "./dom.js";
import { elementName, gridOf, lineOf, mixed, moments, stateAt, stepAfterKey } from "./explore_model.js";

const TEXT = {
  widget: { en: "Steps of a schedule", zh: "调度的步骤" },
  back: { en: "Back", zh: "上一步" },
  next: { en: "Next", zh: "下一步" },
  step: { en: "Step", zh: "步骤" },
  stepOf: { en: (i, n) => `step ${i} of ${n}`, zh: (i, n) => `第 ${i} 步，共 ${n} 步` },
  beginning: { en: "The program at the beginning.", zh: "最初的程序。" },
  gives: { en: "gives", zh: "得到" },
  sampled: { en: "numbers from the decisions in the trace", zh: "其中的数取自轨迹中的决策" },
  nest: { en: "Loop nest after this step", zh: "这一步之后的循环嵌套" },
  gone: { en: "show the lines that went away", zh: "显示去掉的行" },
  order: { en: "Order of the accesses", zh: "访问的顺序" },
  play: { en: "Play", zh: "播放" },
  pause: { en: "Pause", zh: "暂停" },
  jump: { en: "Jump ahead", zh: "向前跳" },
  time: { en: "Accesses so far", zh: "已发生的访问" },
  reads: { en: "reads", zh: "读取" },
  writes: { en: "writes", zh: "写入" },
  more: { en: (n) => `and ${n} more`, zh: (n) => `等 ${n + 2} 处` },
  fetched: { en: (n) => `${n} lines fetched so far`, zh: (n) => `已取入 ${n} 个缓存行` },
  first: {
    en: (n, total) => `The first ${n} of ${total} accesses are drawn.`,
    zh: (n, total) => `共 ${total} 次访问，图中是前 ${n} 次。`,
  },
  unknown: {
    en: "This program calls instructions, whose accesses are not traced.",
    zh: "这个程序调用了指令，指令内部的访存不作跟踪。",
  },
  legend: {
    read: { en: "read now", zh: "正在读" },
    write: { en: "written now", zh: "正在写" },
    held: { en: "in the cache", zh: "在缓存中" },
    touched: { en: "touched before", zh: "曾经访问" },
  },
  counter: { en: "counted", zh: "计数" },
  start: { en: "at the beginning", zh: "最初" },
  firstCount: { en: "when first counted", zh: "首次统计" },
  before: { en: "one step before", zh: "上一步" },
  here: { en: "at this step", zh: "这一步" },
  bars: { en: (name) => `${name}, at each step`, zh: (name) => `每一步的数值：${name}` },
};
const TAGS = { "": "span", new: "ins", gone: "del" };
const MOST_LINES = 16;
const FRAMES_A_SECOND = 8;
const SECONDS = 20;

/** The lines of the nest, and the box that shows those that went away. */
function nestPart(data, language, redraw) {
  const most = Math.max(...data.steps.map((step) => step.nest.length + step.gone.length));
  const pre = el("pre", { class: "mlc-lines", tabindex: 0, role: "region", "aria-label": pick(TEXT.nest, language) });
  pre.style.height = `calc(${Math.min(most, MOST_LINES)} * 1.5em + 1.5rem)`;
  const box = el("input", { type: "checkbox", checked: true, onchange: redraw });
  const draw = (i) => {
    const before = i > 0 ? data.steps[i - 1].nest : [];
    const lines = mixed(before, data.steps[i], box.checked);
    pre.replaceChildren(
      ...lines.map(({ number, mark }) => el(TAGS[mark], { class: mark && `mlc-${mark}` }, data.lines[number])),
    );
    const first = pre.querySelector(".mlc-new, .mlc-gone");
    pre.scrollTop = first ? first.offsetTop - pre.offsetTop - pre.clientHeight / 3 : 0;
  };
  return { parts: [pre, el("label", {}, box, pick(TEXT.gone, language))], draw };
}

/** Room for the longest of some texts, on a wide and on a narrow screen, as lines that the style sheet reads. */
function reserve(element, lengths) {
  const longest = Math.max(...lengths);
  element.style.setProperty("--mlc-lines", Math.ceil(longest / 76));
  element.style.setProperty("--mlc-lines-narrow", Math.ceil(longest / 34));
}

/** What the step is: the call, what it gives, and one sentence. */
function callPart(data, language) {
  const call = el("p", { class: "mlc-explore-call" });
  const sentence = el("p", { class: "mlc-explore-sentence" });
  reserve(call, data.steps.map((step) => `${step.call} gives ${step.results.join(", ")}`.length + (step.sampled ? 42 : 0)));
  // A Chinese character is about as wide as two Latin ones.
  const wide = language === "zh" ? 2 : 1;
  reserve(sentence, Object.values(data.sentences).map((text) => wide * pick(text, language).length + 10));
  const draw = (i) => {
    const step = data.steps[i];
    const given = step.results.length ? [` ${pick(TEXT.gives, language)} `, el("code", {}, step.results.join(", "))] : [];
    const drawn = step.sampled && [" ", el("span", { class: "mlc-soft" }, `(${pick(TEXT.sampled, language)})`)];
    call.replaceChildren(...[step.call ? el("code", {}, step.call) : [], given, drawn || []].flat());
    sentence.textContent = pick(i > 0 ? data.sentences[step.kind] : TEXT.beginning, language);
  };
  return { parts: [el("div", { "aria-live": "polite" }, call, sentence)], draw };
}

/** What stands under the grid of a buffer: name, shape, and where it lies unless in global memory. */
function captionOf([name, shape, , scope]) {
  return `${name} [${shape.join(", ")}]${scope === "global" ? "" : ` ${scope}`}`;
}

/** One grid a buffer; buffers of one name share a place, because a copy may shrink from step to step. */
function gridsPart(data) {
  const names = [...new Set(data.buffers.map((buffer) => buffer[0]))];
  const grids = names.map((name) => {
    const shapes = data.buffers.filter((buffer) => buffer[0] === name).map((buffer) => gridOf(buffer[1]));
    const [rows, columns] = [0, 1].map((d) => Math.max(...shapes.map((shape) => shape[d])));
    const cell = Math.max(3, Math.min(14, Math.floor(220 / rows), Math.floor(220 / columns)));
    const picture = svg("svg", {
      viewBox: `0 0 ${columns * cell} ${rows * cell}`, width: columns * cell, height: rows * cell, "aria-hidden": "true",
    });
    // The longest caption keeps its room until the buffer appears.
    const captions = data.buffers.filter((buffer) => buffer[0] === name).map(captionOf);
    const caption = el("figcaption", {}, captions.reduce((a, b) => (b.length > a.length ? b : a)));
    return { name, cell, picture, caption, figure: el("figure", {}, picture, caption), buffer: null, cells: [] };
  });
  return { grids, element: el("div", { class: "mlc-explore-grids" }, grids.map((grid) => grid.figure)) };
}

/** Put the cells of one buffer (or of none) into its grid. */
function useBuffer(grid, buffer, data) {
  if (grid.buffer === buffer) return;
  grid.buffer = buffer;
  grid.figure.classList.toggle("mlc-absent", buffer < 0);
  if (buffer < 0) return;
  const shape = data.buffers[buffer][1];
  const [rows, columns] = gridOf(shape);
  const elements = shape.reduce((product, size) => product * size, 1);
  grid.cells = Array.from({ length: Math.min(rows * columns, elements) }, (_, i) =>
    svg("rect", {
      x: (i % columns) * grid.cell + 0.5, y: Math.floor(i / columns) * grid.cell + 0.5,
      width: grid.cell - 1, height: grid.cell - 1,
    }),
  );
  grid.states = grid.cells.map(() => "");
  grid.picture.replaceChildren(...grid.cells);
  grid.caption.textContent = captionOf(data.buffers[buffer]);
}

function colour(grid, state, data) {
  if (grid.buffer < 0) return;
  const now = new Map(state.now.filter((a) => a.buffer === grid.buffer).map((a) => [a.element, a.store ? "write" : "read"]));
  const touched = state.touched[grid.buffer];
  grid.cells.forEach((cell, element) => {
    const held = touched.size && state.lines.has(lineOf({ buffer: grid.buffer, element }, data.buffers));
    const name = now.get(element) ?? (held ? (touched.has(element) ? "held" : "near") : touched.has(element) ? "touched" : "");
    if (grid.states[element] === name) return;
    grid.states[element] = name;
    cell.setAttribute("class", name ? `mlc-${name}` : "");
  });
}

/** What happens at one moment, in words. */
function sayMoment(now, data, language) {
  if (!now.length) return "";
  const verb = pick(now[0].store ? TEXT.writes : TEXT.reads, language);
  const named = now.slice(0, 2).map((access) => elementName(data.buffers[access.buffer], access.element));
  const rest = now.length > 2 ? ` ${TEXT.more[language](now.length - 2)}` : "";
  return `${verb} ${named.join(language === "zh" ? "、" : ", ")}${rest}`;
}

function legend(data, language) {
  const kinds = ["read", "write", ...(data.cache === null ? [] : ["held"]), "touched"];
  return el("p", { class: "mlc-explore-legend mlc-soft" },
    kinds.map((kind) => el("span", {}, svg("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
      svg("rect", { x: 0.5, y: 0.5, width: 11, height: 11, class: `mlc-${kind}` })), pick(TEXT.legend[kind], language))));
}

/** The picture of memory with its own clock. */
function memoryPart(data, language) {
  const lists = data.orders.map(() => null);
  const still = prefersStillness();
  const { grids, element } = gridsPart(data);
  const slider = el("input", { type: "range", min: 0, "aria-label": pick(TEXT.time, language) });
  const button = el("button", { type: "button", class: "mlc-explore-play" }, pick(still ? TEXT.jump : TEXT.play, language));
  const clock = el("output", { class: "mlc-explore-clock" });
  const words = el("p", { class: "mlc-explore-now" });
  const note = el("p", { class: "mlc-soft mlc-explore-note" });
  let [list, time, playing] = [[], null, false];
  const wording = TEXT.first[language];

  const drawTime = () => {
    const state = stateAt(list, data.buffers, data.cache, time);
    grids.forEach((grid) => colour(grid, state, data));
    slider.value = time;
    const said = sayMoment(state.now, data, language);
    const fetched = data.cache === null || !list.length ? "" : TEXT.fetched[language](state.fetched);
    words.replaceChildren(el("code", {}, said), fetched && el("span", { class: "mlc-soft" }, ` ${fetched}`));
    clock.textContent = `${time} / ${list.length}`;
    slider.setAttribute("aria-valuetext", `${time} / ${list.length} ${said}`);
  };
  const pause = () => {
    playing = false;
    if (!still) button.textContent = pick(TEXT.play, language);
    button.setAttribute("aria-pressed", "false");
  };
  const run = (begun, from) => (stamp) => {
    if (!playing) return;
    if (!element.isConnected) return pause();
    const rate = Math.max(FRAMES_A_SECOND, list.length / SECONDS);
    const wanted = Math.min(list.length, from + Math.floor(((stamp - begun) / 1000) * rate));
    if (wanted !== time) {
      time = wanted;
      drawTime();
    }
    if (time >= list.length) pause();
    else requestAnimationFrame(run(begun, from));
  };
  button.addEventListener("click", () => {
    if (still) {
      time = time >= list.length ? 0 : Math.min(list.length, time + Math.ceil(list.length / 10));
      drawTime();
    } else if (playing) {
      pause();
    } else {
      if (time >= list.length) time = 0;
      playing = true;
      button.textContent = pick(TEXT.pause, language);
      button.setAttribute("aria-pressed", "true");
      requestAnimationFrame((stamp) => run(stamp, time)(stamp));
    }
  });
  slider.addEventListener("input", () => {
    pause();
    time = Number(slider.value);
    drawTime();
  });

  const draw = (i) => {
    const number = data.drawn[i];
    pause();
    if (number !== null) lists[number] ??= moments(data.orders[number]);
    list = number === null ? [] : lists[number];
    const used = new Set(number === null ? [] : data.orders[number].buffers);
    grids.forEach((grid) => {
      useBuffer(grid, data.buffers.findIndex((buffer, b) => used.has(b) && buffer[0] === grid.name), data);
    });
    slider.max = list.length;
    button.disabled = slider.disabled = !list.length;
    time = Math.min(time ?? Math.min(60, Math.ceil(list.length / 4)), list.length);
    const shown = list.flat().length;
    const total = number === null ? 0 : data.orders[number].total;
    note.textContent = number === null ? pick(TEXT.unknown, language)
      : shown < total ? wording(shown.toLocaleString(language), total.toLocaleString(language)) : "";
    drawTime();
  };
  const controls = el("div", { class: "mlc-controls", role: "group", "aria-label": pick(TEXT.order, language) }, button, slider, clock);
  return { parts: [controls, words, element, legend(data, language), note], draw };
}

/** The counters: at the beginning, one step before, at this step, and one of them as a bar for each step. */
function countersPart(data, language, go) {
  const { names, numbers, bar, model } = data.counters;
  if (!numbers.some(Boolean)) return { parts: [], draw: () => {} };
  const begin = numbers.find(Boolean);
  const show = (value) => (value === undefined || value === null ? "–" : value.toLocaleString(language));
  const [earlier, cells] = [0, 1].map(() => names.map(() => el("td", { class: "mlc-number" })));
  const head = [TEXT.counter, numbers[0] ? TEXT.start : TEXT.firstCount, TEXT.before, TEXT.here].map((text, i) =>
    el("th", { scope: "col", class: ["", "mlc-number mlc-wide", "mlc-number", "mlc-number"][i] }, pick(text, language)));
  const table = el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, names.map((name, i) =>
    el("tr", {}, el("th", { scope: "row" }, pick(name, language)), el("td", { class: "mlc-number mlc-wide" }, show(begin[i])), earlier[i], cells[i]))));

  const values = numbers.map((each) => each?.[bar] ?? 0);
  const [largest, width] = [Math.max(...values, 1), 100 / values.length];
  const bars = values.map((value, i) => svg("rect", {
    x: i * width + width * 0.1, width: width * 0.8, y: 60 - (60 * value) / largest, height: (60 * value) / largest,
  }));
  // The whole column answers to the pointer, not the bar alone, which may be low.
  const columns = values.map((_, i) => svg("rect", { class: "mlc-column", x: i * width, width, y: 0, height: 60, onclick: () => go(i) }));
  const label = TEXT.bars[language](pick(names[bar], language));
  const picture = svg("svg", { viewBox: "0 0 100 60", preserveAspectRatio: "none", role: "img", "aria-label": `${label}: ${values.join(", ")}` }, bars, columns);
  const figure = el("figure", { class: "mlc-explore-bars" }, picture, el("figcaption", { class: "mlc-soft" }, label));

  const draw = (i) => {
    cells.forEach((cell, c) => {
      const [value, before] = [numbers[i]?.[c], numbers[i - 1]?.[c]];
      const sign = value === undefined || before === undefined || value === before ? "" : value < before ? "↓ " : "↑ ";
      earlier[c].textContent = show(before);
      cell.textContent = sign + show(value);
      cell.classList.toggle("mlc-changed", sign !== "");
    });
    bars.forEach((each, b) => each.setAttribute("class", b === i ? "mlc-here" : ""));
  };
  const note = el("p", { class: "mlc-soft mlc-explore-note" }, pick(model, language));
  return { parts: [el("div", { class: "mlc-explore-counters" }, table, figure), note], draw };
}

export default function mount(root, data, language) {
  const count = data.steps.length;
  let step = data.open; // the step that changes most, not the beginning, where there is little to see
  const go = (wanted) => {
    step = Math.min(Math.max(wanted, 0), count - 1);
    draw();
  };
  const back = el("button", { type: "button", onclick: () => go(step - 1) }, `‹ ${pick(TEXT.back, language)}`);
  const next = el("button", { type: "button", onclick: () => go(step + 1) }, `${pick(TEXT.next, language)} ›`);
  const slider = el("input", { type: "range", min: 0, max: count - 1, "aria-label": pick(TEXT.step, language), oninput: () => go(Number(slider.value)) });
  const where = el("output", { class: "mlc-explore-clock" });
  const parts = [callPart(data, language), nestPart(data, language, () => draw())];
  if (data.orders) parts.push(memoryPart(data, language), countersPart(data, language, go));

  function draw() {
    slider.value = step;
    where.textContent = TEXT.stepOf[language](step, count - 1);
    slider.setAttribute("aria-valuetext", `${where.textContent} ${data.steps[step].call}`);
    // A button that disables itself would lose the keyboard's focus.
    back.setAttribute("aria-disabled", String(step === 0));
    next.setAttribute("aria-disabled", String(step === count - 1));
    parts.forEach((part) => part.draw(step));
  }

  root.classList.add("mlc-explore");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", pick(data.title ?? TEXT.widget, language));
  root.addEventListener("keydown", (event) => {
    const scrolls = event.target.matches("pre") && event.target.scrollWidth > event.target.clientWidth;
    if (event.target.matches("input") || scrolls || event.altKey || event.ctrlKey || event.metaKey) return;
    const wanted = stepAfterKey(event.key, step, count);
    if (wanted === null) return;
    event.preventDefault();
    go(wanted);
  });
  root.append(
    ...[data.title && el("p", { class: "mlc-explore-title" }, pick(data.title, language))].filter(Boolean),
    el("div", { class: "mlc-controls" }, back, slider, next, where),
    ...parts.flatMap((part) => part.parts),
  );
  draw();
}
