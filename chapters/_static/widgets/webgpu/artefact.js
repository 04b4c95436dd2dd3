// Reads an artefact as data that may be hostile: every field is checked and copied, sizes are limited, and nothing
// in it is ever run but WGSL, by the browser's own sandboxed compiler. The rules are those of mlc_ref/webgpu/artefact.py.
import { Problem } from "./problem.js";

export const FORMAT = "mlc-webgpu";
export const VERSIONS = [1, 2, 3]; // tensors of version 1 have no range, those of version 2 no state
export const ELEMENT_BYTES = { float32: 4, int32: 4, uint32: 4, float16: 2, bool: 4, uint8: 4, int8: 4, int64: 4 };
/** Least and greatest value of an element, of each type that is none of floats. */
const INT32 = [-(2 ** 31), 2 ** 31 - 1];
export const VALUES = { int32: INT32, uint32: [0, 2 ** 32 - 1], bool: [0, 1], uint8: [0, 255], int8: [-128, 127], int64: INT32 };
export const LIMITS = {
  fileBytes: 4 * 1024 * 1024, parts: 256, kernels: 64, wgsl: 128 * 1024, name: 200, rank: 8,
  bufferBytes: 128 * 1024 * 1024, allBytes: 256 * 1024 * 1024,
  threads: 256, block: [256, 256, 64], grid: 65535, launched: 2 ** 28, shared: 16 * 1024, buffers: 8,
};
const FEATURES = ["shader-f16"];
const ROLES = ["input", "output", "constant", "temporary"];
export const GIVEN = ["input", "state"]; // what the page may fill

function refuse(where, got, allowed) {
  throw new Problem("artefact", {
    en: `This file cannot be used. ${where}: got ${got}, allowed ${allowed}.`,
    zh: `无法使用该文件。${where}：得到 ${got}，允许 ${allowed}。`,
  });
}

const short = (value) => String(JSON.stringify(value) ?? typeof value).slice(0, 60);

function object(value, where, keys) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) refuse(where, short(value), "{…}");
  for (const key of Object.keys(value)) if (!keys.includes(key)) refuse(where, short(key), keys.join(", "));
  for (const key of keys) if (!Object.hasOwn(value, key)) refuse(where, `no ${key}`, keys.join(", "));
  return value;
}

function list(value, where, most, read) {
  if (!Array.isArray(value) || value.length > most) refuse(where, Array.isArray(value) ? value.length : short(value), `[…], ≤ ${most}`);
  return Object.freeze(value.map((item, i) => read(item, `${where}[${i}]`)));
}

function integer(value, where, least, most) {
  if (!Number.isSafeInteger(value) || value < least || value > most) refuse(where, short(value), `${least} … ${most}`);
  return value;
}

function text(value, where, most, pattern = /^[^\p{Cc}]*$/u) {
  if (typeof value !== "string" || value.length > most || !pattern.test(value)) refuse(where, short(value), `${pattern}, ≤ ${most}`);
  return value;
}

function choice(value, where, options) {
  if (!options.includes(value)) refuse(where, short(value), options.join(", "));
  return value;
}

const extents = (value, where, most) => {
  const found = list(value, where, 3, (item, at) => integer(item, at, 1, most[Number(at.at(-2))]));
  if (found.length !== 3) refuse(where, found.length, 3);
  return found;
};

/** The range that the values of an input or a state must keep to; null where all of its type are allowed. */
function range(value, where, role, dtype) {
  if (value === null) return null;
  if (!GIVEN.includes(role) || !Object.hasOwn(VALUES, dtype)) refuse(where, short(value), "null");
  const [least, most] = VALUES[dtype];
  const found = list(value, where, 2, (item, at) => integer(item, at, least, most));
  if (!(found[0] <= found[1])) refuse(where, short(value), "[a, b], a ≤ b");
  return found;
}

function tensor(value, where, storages, version) {
  object(value, where, ["name", "shape", "dtype", "role", "storage", ...(version > 1 ? ["range"] : [])]);
  const dtype = choice(value.dtype, `${where}.dtype`, Object.keys(ELEMENT_BYTES));
  const shape = list(value.shape, `${where}.shape`, LIMITS.rank, (item, at) => integer(item, at, 1, LIMITS.bufferBytes));
  const elements = shape.reduce((product, extent) => product * extent, 1);
  const storage = integer(value.storage, `${where}.storage`, 0, storages.length - 1);
  const bytes = elements * ELEMENT_BYTES[dtype];
  integer(bytes, `${where}.shape`, 1, storages[storage]);
  const role = choice(value.role, `${where}.role`, version > 2 ? [...ROLES, "state"] : ROLES);
  const name = text(value.name, `${where}.name`, LIMITS.name);
  return Object.freeze({ name, shape, dtype, role, storage, elements, bytes, range: range(value.range ?? null, `${where}.range`, role, dtype) });
}

function kernel(value, where) {
  object(value, where, ["name", "block", "shared_bytes", "access", "wgsl"]);
  const block = extents(value.block, `${where}.block`, LIMITS.block);
  integer(block[0] * block[1] * block[2], `${where}.block`, 1, LIMITS.threads);
  const name = text(value.name, `${where}.name`, LIMITS.name, /^[A-Za-z]\w*$/);
  const wgsl = text(value.wgsl, `${where}.wgsl`, LIMITS.wgsl, /^[\P{Cc}\n\t]*$/u);
  return Object.freeze({
    name, block, wgsl,
    shared: integer(value.shared_bytes, `${where}.shared_bytes`, 0, LIMITS.shared),
    access: list(value.access, `${where}.access`, LIMITS.buffers, (item, at) => choice(item, at, ["read", "read_write"])),
  });
}

function launch(value, where, kernels, tensors) {
  object(value, where, ["kernel", "grid", "tensors", "uniform"]);
  const number = integer(value.kernel, `${where}.kernel`, 0, kernels.length - 1);
  const { access, block } = kernels[number];
  const grid = extents(value.grid, `${where}.grid`, [LIMITS.grid, LIMITS.grid, LIMITS.grid]);
  integer([...grid, ...block].reduce((a, b) => a * b), `${where}.grid`, 1, LIMITS.launched);
  const bound = list(value.tensors, `${where}.tensors`, LIMITS.buffers, (item, at) => integer(item, at, 0, tensors.length - 1));
  if (bound.length !== access.length) refuse(`${where}.tensors`, bound.length, access.length);
  const storages = bound.map((i) => tensors[i].storage);
  access.forEach((mode, i) => {
    if (mode === "read_write" && storages.indexOf(storages[i]) !== storages.lastIndexOf(storages[i])) refuse(`${where}.tensors`, storages, "≠");
  });
  const uniform = list(value.uniform, `${where}.uniform`, 8, (item, at) => integer(item, at, 0, 2 ** 32 - 1));
  if (!uniform.length) refuse(`${where}.uniform`, 0, "1 … 8");
  return Object.freeze({ kernel: number, grid, tensors: bound, uniform });
}

/** Bytes of base64 text. */
export function bytesOf(base64, where, most) {
  text(base64, where, Math.ceil(most / 3) * 4, /^[A-Za-z0-9+/]*={0,2}$/);
  try {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const characters = atob(base64);
    const bytes = new Uint8Array(characters.length); // a loop, as a call for each character of a megabyte would block the page
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = characters.charCodeAt(i);
    return bytes;
  } catch {
    return refuse(where, "…", "base64");
  }
}

/** A reference: the recipe of each input and what each output must hold. */
export function parseReference(value, tensors, where = "reference") {
  if (value === null) return null;
  object(value, where, ["inputs", "outputs"]);
  const with_role = (role) => (item, at) => {
    const number = integer(item, at, 0, tensors.length - 1);
    choice(tensors[number].role, at, [role]);
    return number;
  };
  const inputs = list(value.inputs, `${where}.inputs`, LIMITS.parts, (item, at) => {
    object(item, at, ["tensor", "seed"]);
    return Object.freeze({ tensor: with_role("input")(item.tensor, `${at}.tensor`), seed: integer(item.seed, `${at}.seed`, 0, 2 ** 31) });
  });
  const outputs = list(value.outputs, `${where}.outputs`, LIMITS.parts, (item, at) => {
    object(item, at, ["tensor", "kind", "data", "tolerance"]);
    if (typeof item.tolerance !== "number" || !(item.tolerance >= 0 && item.tolerance <= 1e6)) refuse(`${at}.tolerance`, short(item.tolerance), "0 … 1e6");
    const kind = choice(item.kind, `${at}.kind`, ["values", "integers", "sums"]);
    const bytes = bytesOf(item.data, `${at}.data`, LIMITS.fileBytes);
    if (bytes.length % (kind === "values" ? 4 : 8)) refuse(`${at}.data`, bytes.length, "4 n, 8 n");
    const data = Float64Array.from(new (kind === "values" ? Float32Array : Float64Array)(bytes.buffer));
    return Object.freeze({ tensor: with_role("output")(item.tensor, `${at}.tensor`), kind, data, tolerance: item.tolerance });
  });
  return Object.freeze({ inputs, outputs });
}

/** A frozen artefact made from parsed JSON. Throws a Problem of kind "artefact" that names the field. */
export function parseArtefact(value) {
  object(value, "artefact", ["format", "version", "name", "storages", "tensors", "kernels", "launches", "features", "weights", "reference"]);
  choice(value.format, "format", [FORMAT]);
  const version = choice(value.version, "version", VERSIONS);
  const storages = list(value.storages, "storages", LIMITS.parts, (item, at) => integer(item, at, 4, LIMITS.bufferBytes));
  if (storages.some((size) => size % 4)) refuse("storages", short(storages), "4 n");
  integer(storages.reduce((sum, size) => sum + size, 0), "storages", 0, LIMITS.allBytes);
  const tensors = list(value.tensors, "tensors", LIMITS.parts, (item, at) => tensor(item, at, storages, version));
  const kernels = list(value.kernels, "kernels", LIMITS.kernels, kernel);
  const launches = list(value.launches, "launches", LIMITS.parts, (item, at) => launch(item, at, kernels, tensors));
  if (!launches.length) refuse("launches", 0, `1 … ${LIMITS.parts}`);
  const weights = bytesOf(value.weights, "weights", LIMITS.fileBytes);
  const constants = tensors.filter((each) => each.role === "constant").reduce((sum, each) => sum + each.bytes, 0);
  if (weights.length !== constants) refuse("weights", weights.length, constants);
  return Object.freeze({
    name: text(value.name, "name", LIMITS.name), storages, tensors, kernels, launches, weights,
    features: list(value.features, "features", FEATURES.length, (item, at) => choice(item, at, FEATURES)),
    reference: parseReference(value.reference, tensors),
  });
}

/** The artefact in a file's text. */
export function readArtefact(source) {
  if (typeof source !== "string" || source.length > LIMITS.fileBytes) refuse("file", `${source?.length} bytes`, `≤ ${LIMITS.fileBytes}`);
  let value;
  try {
    value = JSON.parse(source);
  } catch {
    refuse("file", short(source.slice(0, 40)), "JSON");
  }
  return parseArtefact(value);
}
