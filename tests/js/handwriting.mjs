// Digits in ten styles, and drawings that are none, to try the reader of digits on. Nothing here comes from what the network
// was trained on (mlc_ref.frameworks.drawn_digits.strokes): these are arcs and Bézier curves in other proportions.

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomly(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A line through points. */
const line = (...points) => points;

/** An arc of an ellipse; angles in degrees, 0 to the right, growing clockwise on the screen. */
function arc(cx, cy, rx, ry, from, to, count = 20) {
  return Array.from({ length: count + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / count) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });
}

/** A cubic Bézier curve. */
function bezier(a, b, c, d, count = 16) {
  return Array.from({ length: count + 1 }, (_, i) => {
    const [t, s] = [i / count, 1 - i / count];
    return [0, 1].map((axis) => s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis]);
  });
}

// Three hands, each drawing the ten digits in a box 0.6 wide and 1 high.
const SCHOOL = [
  [arc(0.3, 0.5, 0.28, 0.48, -90, 270)],
  [line([0.12, 0.25], [0.32, 0.03], [0.32, 0.98])],
  [[...arc(0.3, 0.28, 0.26, 0.26, 190, 385), ...line([0.04, 0.98], [0.58, 0.98])]],
  [[...arc(0.28, 0.26, 0.25, 0.24, 200, 440), ...arc(0.28, 0.73, 0.29, 0.25, 280, 520)]],
  [line([0.42, 0.02], [0.02, 0.7], [0.6, 0.7]), line([0.42, 0.02], [0.42, 0.98])],
  [line([0.54, 0.02], [0.12, 0.02], [0.09, 0.44]), arc(0.27, 0.68, 0.3, 0.29, 230, 500)],
  [[...bezier([0.46, 0.02], [0.2, 0.15], [0.03, 0.45], [0.03, 0.7]), ...arc(0.3, 0.7, 0.27, 0.28, 180, -180)]],
  [line([0.02, 0.03], [0.58, 0.03], [0.22, 0.98])],
  [[...arc(0.3, 0.26, 0.22, 0.24, 90, 450), ...arc(0.3, 0.74, 0.28, 0.24, 270, 630)]],
  [[...arc(0.3, 0.28, 0.26, 0.26, 0, -360), ...line([0.56, 0.28], [0.5, 0.98])]],
];
const CURSIVE = [
  [[...arc(0.3, 0.5, 0.24, 0.46, -60, 290), [0.4, 0.12]]],
  [line([0.3, 0.02], [0.27, 0.98])],
  [[...bezier([0.08, 0.2], [0.3, -0.14], [0.72, 0.1], [0.42, 0.52]), ...bezier([0.42, 0.52], [0.2, 0.86], [0.02, 1.04], [0.08, 0.86]), ...bezier([0.08, 0.86], [0.2, 0.74], [0.4, 1.08], [0.6, 0.9])]],
  [[...bezier([0.06, 0.12], [0.4, -0.14], [0.72, 0.28], [0.24, 0.44]), ...bezier([0.24, 0.44], [0.8, 0.46], [0.6, 1.16], [0.02, 0.9])]],
  [bezier([0.16, 0.02], [0.06, 0.34], [-0.1, 0.72], [0.58, 0.56]), line([0.46, 0.22], [0.4, 0.98])],
  [[...bezier([0.56, 0.06], [0.36, 0.0], [0.2, 0.04], [0.16, 0.12]), ...bezier([0.16, 0.12], [0.08, 0.5], [0.12, 0.44], [0.2, 0.42]), ...bezier([0.2, 0.42], [0.72, 0.4], [0.62, 1.12], [0.02, 0.92])]],
  [[...bezier([0.5, 0.06], [0.06, 0.1], [-0.1, 0.98], [0.3, 0.97]), ...bezier([0.3, 0.97], [0.68, 0.94], [0.56, 0.4], [0.1, 0.68])]],
  [bezier([0.04, 0.1], [0.3, 0.02], [0.5, 0.06], [0.58, 0.05]), bezier([0.58, 0.05], [0.4, 0.36], [0.28, 0.66], [0.26, 0.98])],
  [[...bezier([0.5, 0.1], [0.1, -0.12], [-0.06, 0.34], [0.3, 0.46]), ...bezier([0.3, 0.46], [0.72, 0.62], [0.5, 1.06], [0.26, 0.97]), ...bezier([0.26, 0.97], [-0.12, 0.86], [0.1, 0.56], [0.32, 0.44]), ...bezier([0.32, 0.44], [0.54, 0.32], [0.56, 0.2], [0.48, 0.08])]],
  [[...bezier([0.52, 0.14], [0.2, -0.12], [-0.12, 0.5], [0.22, 0.52]), ...bezier([0.22, 0.52], [0.44, 0.5], [0.5, 0.3], [0.52, 0.1]), ...bezier([0.52, 0.1], [0.56, 0.5], [0.5, 0.9], [0.16, 0.96])]],
];
const ANGULAR = [
  [line([0.3, 0.02], [0.06, 0.24], [0.04, 0.72], [0.28, 0.98], [0.54, 0.76], [0.56, 0.26], [0.3, 0.02])],
  [line([0.1, 0.3], [0.34, 0.02], [0.34, 0.98])],
  [line([0.04, 0.22], [0.2, 0.03], [0.48, 0.06], [0.56, 0.28], [0.04, 0.97], [0.58, 0.97])],
  [line([0.04, 0.04], [0.54, 0.04], [0.24, 0.42], [0.52, 0.52], [0.56, 0.8], [0.3, 0.98], [0.02, 0.88])],
  [line([0.1, 0.04], [0.06, 0.56], [0.6, 0.56]), line([0.48, 0.04], [0.48, 0.98])], // open at its top
  [line([0.54, 0.03], [0.08, 0.03], [0.08, 0.42], [0.4, 0.4], [0.57, 0.6], [0.5, 0.88], [0.24, 0.98], [0.02, 0.88])],
  [line([0.4, 0.02], [0.1, 0.42], [0.04, 0.78], [0.26, 0.98], [0.54, 0.84], [0.5, 0.6], [0.26, 0.52], [0.05, 0.7])],
  [line([0.02, 0.04], [0.58, 0.04], [0.24, 0.98]), line([0.16, 0.5], [0.54, 0.5])], // crossed
  [line([0.52, 0.1], [0.28, 0.02], [0.08, 0.16], [0.52, 0.76], [0.3, 0.98], [0.06, 0.78], [0.52, 0.1])],
  [line([0.54, 0.3], [0.3, 0.5], [0.08, 0.34], [0.14, 0.1], [0.42, 0.03], [0.54, 0.12], [0.54, 0.3], [0.46, 0.98])],
];
// Serifs: what a hand adds to a digit of SCHOOL that a printer's letter has.
const SERIFS = {
  1: [line([0.1, 0.98], [0.54, 0.98])],
  2: [line([0.58, 0.98], [0.58, 0.86])],
  4: [line([0.26, 0.98], [0.58, 0.98])],
  5: [line([0.54, 0.02], [0.54, 0.12])],
  7: [line([0.02, 0.03], [0.02, 0.16])],
};

const moved = (strokes, change) => strokes.map((stroke) => stroke.map(change));
/** A digit at its place on the board: its middle, its height, its slant. */
const placed = (strokes, { x = 0.5, y = 0.5, height = 0.7, slant = 0 }) =>
  moved(strokes, ([px, py]) => [x + height * (px - 0.3 - slant * (py - 0.5)), y + height * (py - 0.5)]);

/** Points that miss their place, each by its own amount, along a line of points close together. */
function unsteady(strokes, random, amount) {
  return strokes.map((stroke) => {
    const waves = Array.from({ length: 4 }, () => [random() * 6.28, 1 + 2 * random(), amount * (random() - 0.5)]);
    return stroke.map((point, i) => point.map((value, axis) =>
      value + waves.reduce((sum, [phase, rate, size], n) => sum + (n % 2 === axis ? size * Math.sin(phase + (6.28 * rate * i) / stroke.length) : 0), 0)));
  });
}

/** The ten styles: each draws a digit; `random` makes no two drawings equal. */
export const STYLES = {
  neat: (digit, random) => placed(SCHOOL[digit], { height: 0.65 + 0.2 * random() }),
  small: (digit, random) => placed(unsteady(SCHOOL[digit], random, 0.05), { height: 0.2 + 0.05 * random() }),
  corner: (digit, random) => placed(CURSIVE[digit], { x: 0.14 + 0.04 * random(), y: 0.84, height: 0.28 }),
  "slanted right": (digit, random) => placed(SCHOOL[digit], { slant: 0.35 + 0.2 * random() }),
  "slanted left": (digit, random) => placed(CURSIVE[digit], { slant: -0.25 - 0.2 * random() }),
  // Who takes a thick pen draws large and round, with few points; who takes a thin one trembles.
  "thick pen": (digit, random) => placed(CURSIVE[digit].map((stroke) => stroke.filter((_, i) => i % 3 === 0 || i === stroke.length - 1)), { height: 0.8 + 0.1 * random() }),
  "thin pen": (digit, random) => moved(placed(SCHOOL[digit], { height: 0.55 }), ([x, y]) => [x + 0.012 * (random() - 0.5), y + 0.012 * (random() - 0.5)]),
  sloppy: (digit, random) => placed(unsteady([SCHOOL, CURSIVE, ANGULAR][Math.floor(random() * 3)][digit], random, 0.14), { slant: 0.4 * (random() - 0.5) }),
  serifs: (digit, random) => placed([...SCHOOL[digit], ...(SERIFS[digit] ?? [])], { height: 0.6 + 0.2 * random() }),
  angular: (digit, random) => placed(unsteady(ANGULAR[digit], random, 0.04), { slant: 0.2 * random() }),
};

/** Drawings that are no digit. */
export const NO_DIGITS = {
  blank: () => [],
  dot: (random) => [[[random(), random()]]],
  scribble: (random) => [Array.from({ length: 40 }, () => [0.15 + 0.7 * random(), 0.15 + 0.7 * random()])],
  whirl: (random) => [Array.from({ length: 90 }, (_, i) => [0.5 + (0.1 + 0.3 * random()) * Math.cos(i / 2), 0.5 + (0.1 + 0.3 * random()) * Math.sin(i / 2)])],
  hatching: (random) => [Array.from({ length: 12 }, (_, i) => [0.1 + 0.07 * i, i % 2 ? 0.15 + 0.1 * random() : 0.75 + 0.1 * random()])],
  "two digits": (random) => {
    const [left, right] = [0, 1].map(() => Math.floor(10 * random()));
    return [...placed(SCHOOL[left], { x: 0.28, height: 0.5 }), ...placed(CURSIVE[right], { x: 0.7, height: 0.5 })];
  },
  grid: () => [line([0.3, 0.1], [0.3, 0.9]), line([0.7, 0.1], [0.7, 0.9]), line([0.1, 0.3], [0.9, 0.3]), line([0.1, 0.7], [0.9, 0.7])],
  house: () => [line([0.2, 0.9], [0.2, 0.45], [0.5, 0.1], [0.8, 0.45], [0.8, 0.9], [0.2, 0.9])],
};
