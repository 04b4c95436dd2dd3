// Questions about the accesses of a warp; no drawing. See mlc_ref/viz/access.py for the data.
export const WARP = 32;
export const SECTOR = 32; // bytes
export const WORD = 4; // bytes
export const BANKS = 32;

/** Numbers from pairs of a difference and how often it comes in a row. */
export function decode(runs) {
  const found = [];
  let value = 0;
  for (const [step, times] of runs) {
    for (let i = 0; i < times; i += 1) found.push((value += step));
  }
  return found;
}

/** First element of each lane of a warp; -1 where a lane takes no part, nothing where there is no such thread. */
export function lanes(access, block, warp) {
  return decode(access.threads[block]).slice(warp * WARP, (warp + 1) * WARP);
}

/** Words of 4 bytes that an element access touches: numbers of words. */
export function words(access, index) {
  if (index < 0) return [];
  const first = Math.floor((index * access.itemsize) / WORD);
  const last = Math.floor((index * access.itemsize + access.bytes - 1) / WORD);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** For each word that is touched, the lanes that touch it: a Map in the order of words. */
export function lanesOfWords(access, indices) {
  const found = new Map();
  indices.forEach((index, lane) => {
    for (const word of words(access, index)) found.set(word, [...(found.get(word) ?? []), lane]);
  });
  return new Map([...found].sort(([a], [b]) => a - b));
}

/** The sectors a warp touches: [{ sector, words: [lanes of each of its 8 words] }]. */
export function sectors(access, indices) {
  const perSector = SECTOR / WORD;
  const found = new Map();
  for (const [word, who] of lanesOfWords(access, indices)) {
    const sector = Math.floor(word / perSector);
    if (!found.has(sector)) found.set(sector, Array.from({ length: perSector }, () => []));
    found.get(sector)[word % perSector] = who;
  }
  return [...found].map(([sector, each]) => ({ sector, words: each }));
}

/** The words a warp wants from each of the 32 banks: 32 lists of { word, lanes }. */
export function banks(access, indices) {
  const found = Array.from({ length: BANKS }, () => []);
  for (const [word, who] of lanesOfWords(access, indices)) found[word % BANKS].push({ word, lanes: who });
  return found;
}

/** Coordinates [x, y, z] of a thread in its block, or of a block in its grid, by its number. */
export function coordinates(number, [x, y]) {
  return [number % x, Math.floor(number / x) % y, Math.floor(number / (x * y))];
}

/** The subscripts of an element of a tensor by its number in row-major order. */
export function subscripts(index, shape) {
  const found = [];
  let rest = index;
  for (const extent of [...shape].reverse()) {
    found.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return found;
}

/** What one thread does in an access: null where it takes no part. */
export function thread(access, indices, lane) {
  const index = indices[lane];
  if (index === undefined || index < 0) return null;
  const byte = index * access.itemsize;
  const own = words(access, index);
  if (!access.shared) {
    const found = sectors(access, indices).find(({ sector }) => sector === Math.floor(byte / SECTOR));
    return { index, byte, sector: found.sector, with: new Set(found.words.flat()).size - 1 };
  }
  const bank = own[0] % BANKS;
  return { index, byte, word: own[0], bank, wanted: banks(access, indices)[bank].length };
}
