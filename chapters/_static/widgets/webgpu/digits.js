// A drawn digit as the image the network knows, and the network once more in plain JavaScript.
// The image is made as the data set's were: strokes in a 32 by 32 bitmap, the digit as large as fits, and of each 4 by 4
// pixels the share that is black (E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998).
const BITMAP = 32;
export const SIDE = 8;
const PEN = 2; // radius of the pen in pixels of the bitmap
const ROOM = BITMAP - 2 * PEN;

/** The box around all points: { x, y, width, height }. */
function boxOf(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Strokes moved and scaled into the bitmap: as tall or wide as fits, in its middle. A lone dot stays a dot. */
export function normalised(strokes) {
  const points = strokes.flat();
  if (!points.length) return [];
  const { x, y, width, height } = boxOf(points);
  const scale = ROOM / Math.max(width, height, 1e-6 + 0.15);
  const [left, top] = [(BITMAP - width * scale) / 2, (BITMAP - height * scale) / 2];
  return strokes.map((stroke) => stroke.map(([px, py]) => [left + (px - x) * scale, top + (py - y) * scale]));
}

/** Distance of a point from a segment. */
function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

function isBlack(point, strokes) {
  return strokes.some((stroke) => stroke.some((at, i) => distance(point, at, stroke[Math.min(i + 1, stroke.length - 1)]) <= PEN));
}

/** The 8 by 8 image of strokes, whose points lie anywhere in 0 to 1: values from 0 to 1 in steps of 1/16. */
export function imageOf(strokes) {
  const placed = normalised(strokes);
  const image = new Float32Array(SIDE * SIDE);
  const step = BITMAP / SIDE;
  for (let y = 0; y < BITMAP; y += 1)
    for (let x = 0; x < BITMAP; x += 1)
      if (isBlack([x + 0.5, y + 0.5], placed)) image[Math.floor(y / step) * SIDE + Math.floor(x / step)] += 1 / (step * step);
  return image;
}

/** The scores of the network: a 3 by 3 convolution to 8 channels, relu, 2 by 2 maxima, a linear layer. */
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

/** The constants of an artefact as arrays of floats, in their order. */
export function constantsOf({ tensors, weights }) {
  let offset = 0;
  return tensors.filter(({ role }) => role === "constant").map(({ bytes }) => {
    const part = weights.slice(offset, (offset += bytes));
    return new Float32Array(part.buffer);
  });
}
