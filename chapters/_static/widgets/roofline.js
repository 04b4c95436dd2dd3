// The roofline: programs of the page under the limits of the reader's machine.
import { el, pick, speaker, svg } from "./dom.js";
import { bound, decades, figure, limit, remembered, ridge, short, stack } from "./roofline_model.js";

const WORDS = {
  gflops: { en: "Peak, GFLOP/s", zh: "峰值，GFLOP/s" },
  gbytes: { en: "Memory, GB/s", zh: "内存，GB/s" },
  reset: { en: "Reset", zh: "恢复" },
  x: { en: "operations a byte", zh: "每字节运算次数" },
  y: { en: "GFLOP/s", zh: "GFLOP/s" },
  program: { en: "program", zh: "程序" },
  limited: { en: "limited by", zh: "受限于" },
  memory: { en: "memory", zh: "内存" },
  compute: { en: "computing", zh: "计算" },
  bound: { en: "bound, GFLOP/s", zh: "上界，GFLOP/s" },
  own: { en: "your figures", zh: "你的数值" },
};
const [RIGHT, TOP, BOTTOM, HEIGHT] = [18, 32, 44, 300];
const DIGIT = 9;

/** The chart in a sentence. */
export function caption(machine, lang) {
  const point = short(ridge(machine));
  return lang === "zh"
    ? `屋顶线：每字节 ${point} 次运算以下受内存限制，以上受计算限制。`
    : `Roofline: below ${point} operations a byte memory is the limit, above it computing.`;
}

export default function mount(root, data, lang) {
  const say = speaker(WORDS, lang);
  const key = `mlc-machine-${data.machine.kind}`;
  const given = { gflops: data.machine.gflops, gbytes: data.machine.gbytes };
  let machine = remembered(read(key), given);
  const name = el("span", { class: "mlc-soft" });
  const chart = el("div", { class: "mlc-roofline" });
  const summary = el("p", { class: "mlc-access-line", "aria-live": "polite" });
  const rows = el("tbody", {});
  const inputs = Object.fromEntries(
    ["gflops", "gbytes"].map((each) => [each, el("input", { type: "text", inputmode: "decimal", size: 7, autocomplete: "off", oninput: () => change(each) })]),
  );

  function change(each) {
    const value = figure(inputs[each].value);
    inputs[each].setAttribute("aria-invalid", String(value === null));
    if (value === null) return;
    machine = { ...machine, [each]: value };
    write(key, JSON.stringify(machine));
    draw();
  }

  function reset() {
    write(key, null);
    machine = given;
    fill();
    draw();
  }

  function fill() {
    for (const [each, input] of Object.entries(inputs)) {
      input.value = String(machine[each]);
      input.setAttribute("aria-invalid", "false");
    }
  }

  function draw() {
    const own = machine.gflops !== given.gflops || machine.gbytes !== given.gbytes;
    name.textContent = own ? say("own") : pick(data.machine.name, lang);
    summary.textContent = caption(machine, lang);
    chart.replaceChildren(picture(data.points, machine, Math.max(chart.clientWidth, 240), say, caption(machine, lang)));
    rows.replaceChildren(
      ...data.points.map((point, number) => {
        const intensity = point.flops / point.bytes;
        const cells = [short(intensity), short(bound(intensity, machine))].map((text) => el("td", { class: "mlc-number" }, text));
        return el("tr", {}, el("td", {}, `${number + 1} `, el("code", {}, point.name)), cells, el("td", {}, say(limit(intensity, machine))));
      }),
    );
  }

  const head = ["program", "x", "bound", "limited"].map((word) => el("th", { scope: "col" }, say(word)));
  root.append(
    el(
      "div",
      { class: "mlc-controls" },
      Object.entries(inputs).map(([each, input]) => el("label", {}, say(each), input)),
      el("button", { type: "button", onclick: reset }, say("reset")),
      name,
    ),
    chart,
    summary,
    el("div", { class: "mlc-roofline-table", tabindex: "0", role: "group", "aria-label": say("program") }, el("table", {}, el("thead", {}, el("tr", {}, head)), rows)),
  );
  fill();
  draw();
  let width = chart.clientWidth;
  new ResizeObserver(() => {
    if (chart.clientWidth === width) return;
    width = chart.clientWidth;
    requestAnimationFrame(draw);
  }).observe(chart);
}

/** Storage may be refused; the figures then last as long as the page. */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // nothing to do
  }
}

function picture(points, machine, width, say, title) {
  const intensities = points.map(({ flops, bytes }) => flops / bytes);
  const [xLow, xHigh] = decades([...intensities, ridge(machine), ridge(machine) * 2]);
  const [yLow, yHigh] = decades([machine.gflops * 1.5, ...intensities.map((each) => bound(each, machine))]);
  const exponents = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
  // Room for the longest number beside the axis.
  const left = 16 + DIGIT * Math.max(4, ...exponents(yLow, yHigh).map((value) => short(10 ** value).length));
  const x = (value) => left + ((Math.log10(value) - xLow) / (xHigh - xLow)) * (width - left - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((Math.log10(value) - yLow) / (yHigh - yLow)) * (HEIGHT - BOTTOM - TOP);
  const label = (value, attributes) => svg("text", attributes, short(10 ** value));
  const every = Math.ceil((xHigh - xLow + 1) / Math.max(2, Math.floor((width - left) / 56)));
  const levels = stack(intensities.map(x), 20);
  const bottom = HEIGHT - BOTTOM;
  const start = Math.max(10 ** xLow, 10 ** yLow / machine.gbytes);
  const roof = [[start, start * machine.gbytes], [ridge(machine), machine.gflops], [10 ** xHigh, machine.gflops]];
  return svg(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": title },
    exponents(xLow, xHigh).map((value, place) => [
      svg("path", { class: "mlc-grid", d: `M${x(10 ** value)} ${TOP}V${bottom}` }),
      place % every === 0 && label(value, { x: x(10 ** value), y: bottom + 18, "text-anchor": place ? "middle" : "start" }),
    ]),
    exponents(yLow, yHigh).map((value) => [
      svg("path", { class: "mlc-grid", d: `M${left} ${y(10 ** value)}H${width - RIGHT}` }),
      label(value, { x: left - 6, y: y(10 ** value) + 5, "text-anchor": "end" }),
    ]),
    svg("text", { x: (left + width) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, say("x")),
    svg("text", { x: 0, y: 14 }, say("y")),
    svg("path", { class: "mlc-roof", d: `M${roof.map(([a, b]) => `${x(a)} ${y(b)}`).join("L")}` }),
    intensities.map((each, number) => {
      const [cx, cy] = [x(each), y(bound(each, machine))];
      const top = cy + 22 + 20 * levels[number];
      const down = top + 8 < bottom;
      const labelY = down ? top : cy - 14 - 20 * levels[number];
      return [
        svg("path", { class: "mlc-drop", d: `M${cx} ${cy}V${down ? labelY - 8 : labelY + 8}` }),
        svg("circle", { class: "mlc-roof-point", cx, cy, r: 5 }),
        svg("circle", { class: "mlc-roof-label", cx, cy: labelY, r: 9 }),
        svg("text", { x: cx, y: labelY + 5, "text-anchor": "middle" }, String(number + 1)),
      ];
    }),
  );
}
