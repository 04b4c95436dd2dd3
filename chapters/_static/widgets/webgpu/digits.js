// A drawn digit as the image the network knows, and the network once more in plain JavaScript.
// The drawings that the network was trained on were made into images in the same way, by mlc_ref.frameworks.drawn_digits.
const BITMAP = 32;
export const SIDE = 8;
const PEN = 2; // radius of the pen in pixels of the bitmap, whatever pen the reader chose
const REACH = 14; // farthest that a line may lie from the centre of mass, along either axis
const LEAST_EXTENT = 0.15; // a smaller drawing is not blown up: a dot stays a dot
const MOST_SHEAR = 1;
export const DIGITS = 10; // the score after theirs, if there is one, is that of no digit at all
const SURE = 0.8; // a smaller share of one digit is no answer; as in mlc_ref.webgpu.verdict

/** The straight pieces of strokes: [begin, end]; a lone point is a piece of length 0. */
const pieces = (strokes) =>
  strokes.flatMap((stroke) => (stroke.length > 1 ? stroke.slice(1).map((end, i) => [stroke[i], end]) : [[stroke[0], stroke[0]]]));

/** Centre of mass of the ink, and its slant: how far x goes with y. */
function massOf(strokes) {
  const all = pieces(strokes);
  const lengths = all.map(([[ax, ay], [bx, by]]) => Math.hypot(bx - ax, by - ay));
  const total = lengths.reduce((a, b) => a + b, 0);
  const mass = lengths.map((length) => (total > 0 ? length / total : 1 / all.length));
  const sum = (of) => all.reduce((so, [a, b], i) => so + mass[i] * of(a, b), 0);
  const [x, y] = [0, 1].map((axis) => sum((a, b) => (a[axis] + b[axis]) / 2));
  // Of a piece, its middle counts and how it lies along itself.
  const moment = (u, v) => sum((a, b) => ((a[u] + b[u]) / 2 - [x, y][u]) * ((a[v] + b[v]) / 2 - [x, y][v]) + ((b[u] - a[u]) * (b[v] - a[v])) / 12);
  const high = moment(1, 1);
  return { x, y, shear: high > 0 ? Math.max(-MOST_SHEAR, Math.min(MOST_SHEAR, moment(0, 1) / high)) : 0 };
}

/** Strokes without slant, as large as fits, their centre of mass in the middle of the bitmap. A lone dot stays a dot; a stroke without points is none. */
export function normalised(drawn) {
  const strokes = drawn.filter((stroke) => stroke.length > 0);
  if (!strokes.length) return [];
  const { x, y, shear } = massOf(strokes);
  const upright = strokes.map((stroke) => stroke.map(([px, py]) => [px - x - shear * (py - y), py - y]));
  const reach = Math.max(...upright.flat(2).map(Math.abs));
  const scale = REACH / Math.max(reach, LEAST_EXTENT / 2);
  return upright.map((stroke) => stroke.map((point) => point.map((value) => BITMAP / 2 + value * scale)));
}

/** Distance of a point from a segment. */
function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

/** The 8 by 8 image of strokes, whose points lie anywhere in 0 to 1: values from 0 to 1 in steps of 1/16. */
export function imageOf(strokes) {
  const placed = pieces(normalised(strokes));
  const isBlack = (point) => placed.some(([a, b]) => distance(point, a, b) <= PEN);
  const image = new Float32Array(SIDE * SIDE);
  const step = BITMAP / SIDE;
  for (let y = 0; y < BITMAP; y += 1)
    for (let x = 0; x < BITMAP; x += 1)
      if (isBlack([x + 0.5, y + 0.5])) image[Math.floor(y / step) * SIDE + Math.floor(x / step)] += 1 / (step * step);
  return image;
}

/** The scores of the network: a 3 by 3 convolution to some channels, relu, 2 by 2 maxima, a linear layer. */
export function networkInJavaScript(image, [filters, shift, weights, bias]) {
  const channels = shift.length;
  const scores = Float64Array.from(bias);
  const at = (channel, y, x) => {
    let sum = shift[channel];
    for (let dy = 0; dy < 3; dy += 1) for (let dx = 0; dx < 3; dx += 1) sum += image[(y + dy) * SIDE + x + dx] * filters[channel * 9 + dy * 3 + dx];
    return Math.max(sum, 0);
  };
  for (let channel = 0; channel < channels; channel += 1)
    for (let y = 0; y < 3; y += 1)
      for (let x = 0; x < 3; x += 1) {
        const most = Math.max(at(channel, 2 * y, 2 * x), at(channel, 2 * y, 2 * x + 1), at(channel, 2 * y + 1, 2 * x), at(channel, 2 * y + 1, 2 * x + 1));
        const feature = channel * 9 + y * 3 + x;
        for (let n = 0; n < scores.length; n += 1) scores[n] += most * weights[feature * scores.length + n];
      }
  return scores;
}

/** Scores as shares of one: softmax. */
export function shares(scores) {
  const most = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** What scores say: the digit, or null where none is certain enough. */
export function verdictOf(scores) {
  const found = shares(scores);
  const best = found.indexOf(Math.max(...found));
  return best < DIGITS && found[best] >= SURE ? best : null;
}

/** The constants of an artefact as arrays of floats, in their order. */
export function constantsOf({ tensors, weights }) {
  let offset = 0;
  return tensors.filter(({ role }) => role === "constant").map(({ bytes }) => {
    const part = weights.slice(offset, (offset += bytes));
    return new Float32Array(part.buffer);
  });
}
