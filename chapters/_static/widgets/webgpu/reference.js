// Inputs by recipe and the judgement of results: the counterpart of mlc_ref/webgpu/reference.py, bit for bit.
const GROUP = 64;
const MOST_GROUPS = 1024;
const WEIGHT_SEED = 0x5eed;

/** A hash of an index, an unsigned 32-bit integer. */
export function hash(index, seed) {
  let x = (index + Math.imul(seed, 0x9e3779b9)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const halfToBits = (value) => {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0];
  const exponent = ((bits >>> 23) & 255) - 112;
  const sign = (bits >>> 16) & 0x8000;
  // Recipes only make multiples of 2^-10 between -1 and 1, which float16 holds exactly, as normal numbers or zero.
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 1023);
};

/** The number a float16's bits mean. */
export function halfFromBits(bits) {
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/** What holds the elements on the device; float16 as its bits. */
const ARRAYS = {
  float32: Float32Array, int32: Int32Array, uint32: Uint32Array, float16: Uint16Array,
  bool: Uint32Array, uint8: Uint32Array, int8: Int32Array, int64: Int32Array,
};
const USUAL = { bool: [0, 1], int8: [-128, 127] };

/** floor(word * count / 2^32), in halves of the word: their products with up to 2^32 are exact. */
const share = (word, count) => Math.floor(((word >>> 16) * count + Math.floor(((word & 0xffff) * count) / 65536)) / 65536);

/** The input of a seed, as a typed array of the tensor's elements. */
export function recipe({ elements, dtype, range }, seed) {
  const made = new ARRAYS[dtype](elements);
  const [least, most] = range ?? USUAL[dtype] ?? [0, 255];
  for (let i = 0; i < elements; i += 1) {
    const word = hash(i, seed);
    if (dtype === "float32") made[i] = (word >>> 8) / 2 ** 23 - 1;
    else if (dtype === "float16") made[i] = halfToBits((word >>> 21) / 1024 - 1);
    else made[i] = least + share(word, most - least + 1);
  }
  return made;
}

/** Bytes read from the device as numbers. */
export function numbers({ elements, dtype }, buffer) {
  const view = new ARRAYS[dtype](buffer, 0, elements);
  return dtype === "float16" ? Float32Array.from(view, halfFromBits) : view;
}

/** How many neighbours of `count` elements share a sum. */
export function groupSize(count) {
  return GROUP * Math.ceil(count / (GROUP * MOST_GROUPS));
}

/** The weighted sum of each groupSize neighbours. */
export function groupSums(values) {
  const group = groupSize(values.length);
  const sums = new Float64Array(Math.ceil(values.length / group));
  for (let i = 0; i < values.length; i += 1) {
    sums[Math.floor(i / group)] += values[i] * ((hash(i, WEIGHT_SEED) >>> 8) / 2 ** 24 + 0.5);
  }
  return sums;
}

/** Compares two lists of numbers; NaN is never near. */
export function compare(found, wanted, tolerance) {
  let wrong = found.length === wanted.length ? 0 : Math.max(found.length, wanted.length);
  let first = -1;
  let error = 0;
  for (let i = 0; i < Math.min(found.length, wanted.length); i += 1) {
    const distance = Math.abs(found[i] - wanted[i]);
    if (!(distance <= tolerance)) {
      if (first < 0) first = i;
      wrong += 1;
    }
    if (!(distance <= error)) error = distance;
  }
  return { agrees: wrong === 0, wrong, first, error, got: found[first], wanted: wanted[first] };
}

/** Whether an output is what the artefact expects. */
export function judge(expected, found) {
  if (expected.kind !== "sums") return compare(found, expected.data, expected.tolerance);
  return compare(groupSums(found), expected.data, 1.5 * groupSize(found.length) * expected.tolerance);
}
