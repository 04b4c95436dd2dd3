// Numbers for people.

const PREFIXES = [[1e9, " G"], [1e6, " M"], [1e4, " k"]];

/** Whole numbers up to 9999 as they are, others with three digits and a prefix: 1234567 is 1.23 M. */
export function brief(value) {
  const [size, prefix] = PREFIXES.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return size === 1 ? String(value) : digits(value / (size === 1e4 ? 1e3 : size)) + prefix;
}

/** Three significant digits, never in exponents: 0.0123, 1.23, 123, 1230. */
export function digits(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  const rounded = Number(value.toPrecision(3));
  return size >= 2 || Number.isInteger(value) ? String(Math.round(rounded)) : rounded.toFixed(Math.min(8, 2 - size));
}

/** Seconds in the unit that suits them. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  for (const [size, unit] of [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]]) if (seconds >= size) return `${digits(seconds / size)} ${unit}`;
  return `${digits(seconds / 1e-9)} ns`;
}

/** Work done each second, in billions: GFLOP/s or GB/s. */
export const rate = (work, seconds) => work / seconds / 1e9;
