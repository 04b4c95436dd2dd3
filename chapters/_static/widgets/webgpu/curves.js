// The best-so-far curves of searches: time on a logarithmic axis over the number of measurements.
import { svg } from "../dom.js";
import { duration } from "./numbers.js";

const [WIDEST, HEIGHT] = [640, 280];
const NARROWEST = 300; // so that letters keep their size on a phone
const [LEFT, RIGHT, TOP, BOTTOM] = [76, 12, 12, 40];

/** 1, 2 and 5 of each decade from `low` to `high`, and one more at each end: never fewer than two. */
export function logTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)) - 1; 10 ** power <= high * 10; power += 1) {
    for (const digit of [1, 2, 5]) ticks.push(Number(`${digit}e${power}`));
  }
  const from = ticks.findLastIndex((tick) => tick <= low);
  const to = ticks.findIndex((tick) => tick >= high);
  return ticks.slice(from, Math.max(to, from + 1) + 1);
}

/** Whole numbers from 0 to `most`, at most six. */
export function countTicks(most) {
  const step = [1, 2, 5, 10, 20, 50, 100].find((size) => most / size <= 6) ?? most;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** A curve as a path: level until a better point, then down. */
const pathOf = (history, x, y) => history.map(({ best }, i) => (i ? `H${x(i + 1)}V${y(best)}` : `M${x(1)} ${y(best)}`)).join("");

/** `draw([{ kind, history }], budget)` shows searches; `kind` is "random" or "guided" and chooses colour and mark. */
export function curves(label, axes) {
  const element = svg("svg", { role: "img", "aria-label": label, class: "mlc-gpu-curves" });

  function draw(searches, budget) {
    const width = Math.min(WIDEST, Math.max(NARROWEST, element.clientWidth || WIDEST));
    element.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const all = searches.flatMap(({ history }) => history.map(({ seconds }) => seconds));
    const ticks = all.length ? logTicks(Math.min(...all), Math.max(...all)) : [];
    const [low, high] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 10)];
    const x = (count) => LEFT + (count / budget) * (width - LEFT - RIGHT);
    const y = (seconds) => TOP + ((high - Math.log(seconds)) / (high - low)) * (HEIGHT - TOP - BOTTOM);
    const shown = ticks.length > 7 ? ticks.filter((tick) => /1(e|$)|^0\.0*1$/.test(String(tick))) : ticks;
    element.replaceChildren(
      ...shown.map((tick) => [
        svg("path", { class: "mlc-grid", d: `M${LEFT} ${y(tick)}H${width - RIGHT}` }),
        svg("text", { x: LEFT - 8, y: y(tick) + 5, "text-anchor": "end" }, duration(tick)),
      ]).flat(),
      svg("path", { class: "mlc-grid", d: `M${LEFT} ${HEIGHT - BOTTOM}H${width - RIGHT}M${LEFT} ${TOP}V${HEIGHT - BOTTOM}` }),
      ...countTicks(budget).map((count) => svg("text", { x: x(count), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, String(count))),
      svg("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, axes),
      ...searches.flatMap(({ kind, history }) => [
        ...history.map(({ seconds }, i) => mark(kind, x(i + 1), y(seconds))),
        svg("path", { class: `mlc-gpu-curve mlc-gpu-${kind}`, d: pathOf(history, x, y) }),
      ]),
    );
  }
  return { element, draw };
}

/** A measurement: a circle for random search, a square for guided. */
export function mark(kind, x, y) {
  const shape = kind === "random" ? svg("circle", { cx: x, cy: y, r: 3.5 }) : svg("rect", { x: x - 3, y: y - 3, width: 6, height: 6 });
  shape.setAttribute("class", `mlc-gpu-mark mlc-gpu-${kind}`);
  return shape;
}
