// The schedule explorer's logic without drawing: access orders, the cache, the difference of two nests.
const LINE_BYTES = 64;

/** The numbers of `pack` in mlc_ref/viz/explorer/delta_encoding.py: [period, length, zeros, value, zeros, value, …]. */
export function unpack(packed) {
  const [period, length, ...pairs] = packed;
  const values = new Array(length).fill(0);
  let position = -1;
  for (let i = 0; i < pairs.length; i += 2) {
    position += pairs[i] + 1;
    values[position] = pairs[i + 1];
  }
  for (let pass = 0; pass < 2; pass += 1) {
    for (let i = period; i < length; i += 1) values[i] += values[i - period];
  }
  return values;
}

/** An order as a list of moments; each is a list of { buffer, element, store } that happen together. */
export function moments(order) {
  const [codes, elements, joined] = [order.codes, order.elements, order.joined].map(unpack);
  const found = [];
  codes.forEach((code, i) => {
    const access = { buffer: code >> 1, element: elements[i], store: (code & 1) === 1 };
    if (joined[i]) found.at(-1).push(access);
    else found.push([access]);
  });
  return found;
}

/** The cache line of an access, as a key; each buffer begins with a line of its own. */
export function lineOf(access, buffers) {
  const bytesOfElement = buffers[access.buffer][2];
  return `${access.buffer}:${Math.floor((access.element * bytesOfElement) / LINE_BYTES)}`;
}

/**
 * What memory looks like after the first `time` moments: the accesses of the last one, the elements touched
 * so far as a set of "buffer:element" for each buffer, the lines in the cache, and the lines fetched.
 * Without a cache (`cacheBytes` null) no line is ever kept.
 */
export function stateAt(list, buffers, cacheBytes, time) {
  const touched = buffers.map(() => new Set());
  const lines = new Map();
  const capacity = cacheBytes === null ? 0 : Math.floor(cacheBytes / LINE_BYTES);
  let fetched = 0;
  for (const access of list.slice(0, time).flat()) {
    touched[access.buffer].add(access.element);
    if (capacity === 0) continue;
    const line = lineOf(access, buffers);
    if (lines.has(line)) lines.delete(line);
    else fetched += 1;
    lines.set(line, true);
    if (lines.size > capacity) lines.delete(lines.keys().next().value);
  }
  return { now: time > 0 ? list[time - 1] : [], touched, lines: new Set(lines.keys()), fetched };
}

/** Rows and columns in which a buffer is drawn: a matrix as it is, anything else in the order of memory. */
export function gridOf(shape) {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 2 && shape[0] > 1 && shape[1] <= 64) return shape;
  const columns = Math.min(elements, elements > 512 ? 64 : 16);
  return [Math.ceil(elements / columns), columns];
}

/** The name of an element: B[3, 5]. */
export function elementName(buffer, element) {
  const [name, shape] = buffer;
  const index = [];
  for (let rest = element, d = shape.length - 1; d >= 0; d -= 1) {
    index.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return `${name}[${index.join(", ")}]`;
}

/** Two nests as one list of { number, mark }: what went away stands before what came in its place. */
export function mixed(before, step, withGone) {
  const [gone, fresh] = [new Set(step.gone), new Set(step.new)];
  const found = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < step.nest.length) {
    if (i < before.length && gone.has(i)) {
      if (withGone) found.push({ number: before[i], mark: "gone" });
      i += 1;
    } else if (j < step.nest.length && fresh.has(j)) {
      found.push({ number: step.nest[j], mark: "new" });
      j += 1;
    } else {
      found.push({ number: step.nest[j], mark: "" });
      i += 1;
      j += 1;
    }
  }
  return found;
}

/** The step after a key, or null where the key means nothing here. */
export function stepAfterKey(key, step, count) {
  const wanted = { ArrowLeft: step - 1, ArrowRight: step + 1, Home: 0, End: count - 1 }[key];
  return wanted === undefined ? null : Math.min(Math.max(wanted, 0), count - 1);
}
