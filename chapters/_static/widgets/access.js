// The access explorer: a warp in the program, in global memory and in the banks; one thread is chosen in all at once.
import { WARP, banks, coordinates, lanes, sectors, subscripts, thread } from "./access_model.js";
import { el, pick, speaker, svg } from "./dom.js";

const WORDS = {
  thread: { en: "Thread of the warp", zh: "线程束中的线程" },
  block: { en: "Block", zh: "线程块" },
  warp: { en: "Warp", zh: "线程束" },
  load: { en: "load", zh: "加载" },
  store: { en: "store", zh: "存储" },
  atomic: { en: "atomic update", zh: "原子更新" },
  first: { en: "Each access as it ran first. Point at a word, or move the slider.", zh: "图中是每个访问首次执行时的情形。指向一个字，或移动滑块。" },
};

/** "4 sectors" or "32 passes" in the reader's language. */
export function costText(access, count, lang) {
  if (lang === "zh") return access.shared ? `${count} 轮` : `${count} 个扇区`;
  const noun = access.shared ? (count === 1 ? "pass" : "passes") : count === 1 ? "sector" : "sectors";
  return `${count} ${noun}`;
}

/** What the chosen thread does, in a sentence. */
export function reading(access, found, shape, lang) {
  if (!found) return lang === "zh" ? "这个线程不参与这次访问。" : "This thread takes no part.";
  const name = `${access.buffer}[${shape ? subscripts(found.index, shape).join(", ") : found.index}]`;
  if (access.shared) {
    return lang === "zh"
      ? `${name}：字 ${found.word}，存储体 ${found.bank}；线程束要这个存储体的 ${found.wanted} 个字。`
      : `${name}: word ${found.word}, bank ${found.bank}; the warp wants ${found.wanted} ${found.wanted === 1 ? "word" : "words"} of this bank.`;
  }
  return lang === "zh"
    ? `${name}：字节 ${found.byte}，扇区 ${found.sector}；同一扇区还有 ${found.with} 个线程。`
    : `${name}: byte ${found.byte}, sector ${found.sector}; ${found.with} other ${found.with === 1 ? "thread" : "threads"} in this sector.`;
}

export default function mount(root, data, lang) {
  const state = { block: 0, warp: 0, lane: 0 };
  const say = speaker(WORDS, lang);
  const threads = data.block.reduce((product, extent) => product * extent, 1);
  const blocks = data.statements[0].accesses[0].threads.length;
  const who = el("output", { class: "mlc-access-who", "aria-live": "polite" });
  const slider = el("input", { type: "range", min: 0, max: Math.min(WARP, threads) - 1, value: 0, "aria-label": say("thread") });
  slider.addEventListener("input", () => choose(Number(slider.value)));

  const chooser = (word, count, change) => {
    if (count < 2) return null;
    const options = Array.from({ length: count }, (_, number) => el("option", { value: number }, String(number)));
    const select = el("select", { "aria-label": say(word) }, options);
    select.addEventListener("change", () => change(Number(select.value)));
    return el("label", {}, say(word), select);
  };
  const strip = el("div", { class: "mlc-access-strip", "aria-hidden": "true" });
  const views = data.statements.map((statement) => statement.accesses.map((access) => view(access, data, lang)));
  const program = data.statements.map((statement, number) =>
    el(
      "section",
      { class: "mlc-access-statement" },
      el("pre", { class: "mlc-lines", tabindex: "0", "aria-label": statement.text }, el("span", {}, statement.text)),
      el("div", { class: "mlc-access-views" }, views[number].map(({ element }) => element)),
    ),
  );

  function choose(lane) {
    const last = Math.min(WARP, threads - state.warp * WARP) - 1;
    state.lane = Math.min(Math.max(lane, 0), last);
    slider.max = last;
    slider.value = state.lane;
    for (const cell of strip.children) cell.classList.toggle("mlc-chosen", Number(cell.dataset.lane) === state.lane);
    const [x, y, z] = coordinates(state.warp * WARP + state.lane, data.block);
    const place = coordinates(state.block, data.grid);
    const show = (values, extents) => values.filter((_, axis) => axis === 0 || extents[axis] > 1 || extents[axis + 1] > 1).join(", ");
    who.textContent = `blockIdx (${show(place, data.grid)})  threadIdx (${show([x, y, z], data.block)})`;
    views.flat().forEach((each) => each.choose(state));
  }

  function redraw() {
    const count = Math.min(WARP, threads - state.warp * WARP);
    strip.replaceChildren(...Array.from({ length: count }, (_, lane) => el("span", { class: "mlc-cell mlc-on", "data-lane": lane })));
    views.flat().forEach((each) => each.redraw(state));
    choose(state.lane);
  }

  const point = (event) => {
    const cell = event.target.closest?.("[data-lane]");
    if (cell) choose(Number(cell.dataset.lane));
  };
  root.addEventListener("pointerover", point);
  root.addEventListener("pointerdown", point);
  root.append(
    el(
      "div",
      { class: "mlc-controls" },
      el("label", { class: "mlc-access-slider" }, say("thread"), slider),
      chooser("warp", Math.ceil(threads / WARP), (warp) => ((state.warp = warp), redraw())),
      chooser("block", blocks, (block) => ((state.block = block), redraw())),
    ),
    el("p", { class: "mlc-access-line" }, who),
    strip,
    ...program,
    el("p", { class: "mlc-soft mlc-access-line" }, say("first")),
  );
  redraw();
}

/** One access: its title, what the chosen thread does, its picture, and where in the tensor it is. */
function view(access, data, lang) {
  const shape = data.shapes[access.buffer];
  const title = el("span", {});
  const line = el("p", { class: "mlc-access-line mlc-access-reading" });
  const picture = el("div", { class: access.shared ? "mlc-banks" : "mlc-sectors", "aria-hidden": "true" });
  const map = shape?.length === 2 ? tensorMap(shape) : null;
  const mark = svg("circle", { class: "mlc-map-mark", r: shape ? Math.max(...shape) / 28 : 1 });
  let indices = [];

  function redraw({ block, warp }) {
    indices = lanes(access, block, warp);
    title.textContent = costText(access, access.cost[block][warp], lang);
    picture.replaceChildren(...(access.shared ? bankCells(banks(access, indices)) : sectorCells(sectors(access, indices))));
    map?.replaceChildren(svg("rect", { class: "mlc-map-all", width: shape[1], height: shape[0] }), ...mapCells(access, indices, shape), mark);
  }

  function choose({ lane }) {
    const found = thread(access, indices, lane);
    line.textContent = reading(access, found, shape, lang);
    for (const cell of picture.querySelectorAll("[data-lanes]")) {
      const chosen = cell.dataset.lanes.split(" ").includes(String(lane));
      cell.classList.toggle("mlc-chosen", chosen);
      if (access.shared) cell.classList.toggle("mlc-rival", !chosen && found !== null && Number(cell.dataset.bank) === found.bank);
    }
    for (const sector of picture.querySelectorAll("[data-sector]")) {
      sector.classList.toggle("mlc-chosen-sector", found !== null && Number(sector.dataset.sector) === found.sector);
    }
    if (!map) return;
    mark.toggleAttribute("hidden", found === null);
    if (!found) return;
    const [row, column] = subscripts(found.index, shape);
    mark.setAttribute("cx", column + 0.5);
    mark.setAttribute("cy", row + 0.5);
  }

  const element = el(
    "div",
    { class: "mlc-access-view" },
    el("p", { class: "mlc-access-line" }, el("strong", {}, pick(WORDS[access.kind], lang), " ", el("code", {}, access.buffer)), " ", title),
    line,
    el("div", { class: "mlc-access-pictures" }, picture, map),
  );
  return { element, redraw, choose };
}

/** The whole tensor, small, at most 96 by 80 pixels. */
function tensorMap([rows, columns]) {
  const width = Math.round(Math.min(96, (80 * columns) / rows));
  return svg("svg", { class: "mlc-access-map", viewBox: `0 0 ${columns} ${rows}`, width, height: Math.round((width * rows) / columns), "aria-hidden": "true" });
}

const cell = (who, extra = {}) =>
  who.length ? el("span", { class: "mlc-cell mlc-on", "data-lane": who[0], "data-lanes": who.join(" "), ...extra }) : el("span", { class: "mlc-cell" });

function sectorCells(found) {
  return found.map(({ sector, words }) => el("span", { class: "mlc-sector", "data-sector": sector }, words.map((who) => cell(who))));
}

/** Columns are banks 0 to 31; a cell is a word that the warp wants, the first at the bottom. */
function bankCells(found) {
  const height = Math.max(1, ...found.map((each) => each.length));
  const low = height > 8 && { "data-low": true };
  const rows = Array.from({ length: height }, (_, row) => height - 1 - row);
  return rows.flatMap((row) =>
    found.map((each, bank) => (each[row] ? cell(each[row].lanes, { "data-bank": bank, ...low }) : el("span", { class: "mlc-cell mlc-none", ...low }))),
  );
}

function mapCells(access, indices, shape) {
  const wide = access.bytes / access.itemsize;
  return indices.flatMap((index, lane) => {
    if (index < 0) return [];
    const [row, column] = subscripts(index, shape);
    return [svg("rect", { class: "mlc-map-lane", x: column, y: row, width: wide, height: 1, "data-lane": lane })];
  });
}
