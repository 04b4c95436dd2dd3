// The roofline's arithmetic: bounds, axes, and figures as readers type them; no drawing.

/** The most GFLOP/s at so many operations a byte. */
export function bound(intensity, { gflops, gbytes }) {
  return Math.min(gflops, intensity * gbytes);
}

/** Which limit holds at so many operations a byte: "memory" or "compute". */
export function limit(intensity, { gflops, gbytes }) {
  return intensity * gbytes < gflops ? "memory" : "compute";
}

/** Where the two limits meet, in operations a byte. */
export function ridge({ gflops, gbytes }) {
  return gflops / gbytes;
}

/** Powers of ten that hold all values, at least one decade: [lowest exponent, highest exponent]. */
export function decades(values) {
  const logs = values.map(Math.log10);
  const low = Math.floor(Math.min(...logs) + 1e-9);
  return [low, Math.max(Math.ceil(Math.max(...logs) - 1e-9), low + 1)];
}

/** A number the reader typed, with either decimal sign; null unless it is above 0. */
export function figure(text) {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(value) && value > 0 ? value : null;
}

/** The figures that are remembered as text, or those given where none are or they are spoilt. */
export function remembered(text, given) {
  try {
    const { gflops, gbytes } = JSON.parse(text ?? "null") ?? {};
    return gflops > 0 && gbytes > 0 && Number.isFinite(gflops) && Number.isFinite(gbytes) ? { gflops, gbytes } : given;
  } catch {
    return given;
  }
}

/** A number with three digits that matter. */
export function short(value) {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** How many labels each one must move up so that none of equal height covers another: xs in pixels. */
export function stack(xs, room) {
  const rows = [];
  return xs.map((x) => {
    let row = 0;
    while ((rows[row] ?? []).some((other) => Math.abs(other - x) < room)) row += 1;
    rows[row] = [...(rows[row] ?? []), x];
    return row;
  });
}
