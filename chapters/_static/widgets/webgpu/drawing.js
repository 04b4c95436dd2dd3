// A board to draw on, with a pointer, a finger or the keyboard. Strokes are lists of points in 0 to 1.
import { el, svg } from "../dom.js";

const SIZE = 256;
const STEP = 1 / 32;
/** Widths of the pen, of 256 across the board. */
export const PEN = { least: 4, usual: 20, most: 40 };
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const clamp = (value) => Math.min(1, Math.max(0, value));
const path = (stroke) => {
  const [first, ...rest] = stroke.map(([x, y]) => `${(x * SIZE).toFixed(1)} ${(y * SIZE).toFixed(1)}`);
  return `M${first}L${(rest.length ? rest : [first]).join("L")}`;
};

/** { element, strokes(), setPen(), clear() }; `changed` is called when a stroke ends. `label` says how to use it. */
export function drawingBoard(label, changed) {
  let strokes = [];
  let current = null;
  let pen = { at: [0.5, 0.5], down: false };
  const lines = svg("g", { class: "mlc-gpu-strokes", "stroke-width": PEN.usual });
  const cursor = svg("circle", { r: 5, class: "mlc-gpu-pen", visibility: "hidden" });
  const board = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, width: SIZE, height: SIZE, class: "mlc-gpu-board", role: "application", "aria-label": label, tabindex: "0" }, lines, cursor);

  const draw = () => lines.replaceChildren(...strokes.map((stroke) => svg("path", { d: path(stroke) })));
  const begin = (point) => {
    current = [point];
    strokes.push(current);
    draw();
  };
  const extend = (point) => {
    current?.push(point);
    draw();
  };
  const end = () => {
    if (!current) return;
    current = null;
    changed();
  };
  const pointOf = (event) => {
    const { left, top, width, height } = board.getBoundingClientRect();
    return [clamp((event.clientX - left) / width), clamp((event.clientY - top) / height)];
  };

  board.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    begin(pointOf(event));
  });
  board.addEventListener("pointermove", (event) => current && !pen.down && extend(pointOf(event)));
  board.addEventListener("pointerup", end);
  board.addEventListener("pointercancel", end);
  board.addEventListener("blur", () => {
    cursor.setAttribute("visibility", "hidden");
    if (pen.down) end();
    pen.down = false;
  });
  board.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      pen.down = !pen.down;
      if (pen.down) begin(pen.at);
      else end();
    } else if (event.key in MOVES) {
      pen.at = pen.at.map((value, axis) => clamp(value + MOVES[event.key][axis]));
      if (pen.down) extend(pen.at);
    } else return;
    event.preventDefault();
    cursor.setAttribute("cx", pen.at[0] * SIZE);
    cursor.setAttribute("cy", pen.at[1] * SIZE);
    cursor.setAttribute("visibility", "visible");
    cursor.classList.toggle("mlc-gpu-down", pen.down);
  });

  return {
    element: el("div", { class: "mlc-gpu-drawing" }, board),
    strokes: () => strokes,
    setPen: (width) => lines.setAttribute("stroke-width", width),
    clear() {
      strokes = [];
      current = null;
      pen = { at: [0.5, 0.5], down: false };
      draw();
    },
  };
}

/** An image of 8 by 8 pixels; `show(values)` with values from 0 to 1. */
export function pixelView(label, side) {
  const cells = Array.from({ length: side * side }, (_, i) =>
    svg("rect", { x: (i % side) * 16, y: Math.floor(i / side) * 16, width: 16, height: 16, "fill-opacity": 0 }));
  const extent = side * 16;
  return {
    element: svg("svg", { viewBox: `0 0 ${extent} ${extent}`, width: extent, height: extent, class: "mlc-gpu-pixels", role: "img", "aria-label": label }, cells),
    show: (values) => cells.forEach((cell, i) => cell.setAttribute("fill-opacity", values[i] ?? 0)),
  };
}
