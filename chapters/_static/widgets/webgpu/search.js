// Which schedule to measure next: random search and search guided by a model. No device and no drawing here.

/** Numbers from 0 to below 1, the same for the same seed (mulberry32, T. Ettinger 2017). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The numbers from 0 to count - 1 in a random order (Fisher and Yates). */
export function shuffled(count, random) {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The cut of one feature after which the two sides' means explain most of `rest`: { feature, limit, low, high, gain }. */
function bestStump(rows, rest) {
  let best = null;
  const total = rest.reduce((sum, value) => sum + value, 0);
  for (let feature = 0; feature < rows[0].length; feature += 1) {
    const order = rest.map((_, i) => i).sort((a, b) => rows[a][feature] - rows[b][feature]);
    let sum = 0;
    for (let n = 1; n < order.length; n += 1) {
      sum += rest[order[n - 1]];
      const [below, above] = [rows[order[n - 1]][feature], rows[order[n]][feature]];
      if (below === above) continue;
      const gain = sum ** 2 / n + (total - sum) ** 2 / (order.length - n);
      if (!best || gain > best.gain) {
        best = { feature, limit: (below + above) / 2, low: sum / n, high: (total - sum) / (order.length - n), gain };
      }
    }
  }
  return best;
}

/**
 * Boosted stumps: each is a question about one feature, asked about what those before it left unexplained
 * (Friedman, Greedy function approximation, 2001). Returns { predict(row), shares }: how much each feature explained.
 */
export function fitStumps(rows, targets, { rounds = 60, rate = 0.3 } = {}) {
  const base = mean(targets);
  const stumps = [];
  const shares = new Array(rows[0].length).fill(0);
  let rest = targets.map((target) => target - base);
  for (let round = 0; round < rounds; round += 1) {
    const stump = bestStump(rows, rest);
    if (!stump) break; // all rows are alike
    const answer = (row) => rate * (row[stump.feature] <= stump.limit ? stump.low : stump.high);
    stumps.push(answer);
    shares[stump.feature] += stump.gain;
    rest = rest.map((value, i) => value - answer(rows[i]));
  }
  const all = shares.reduce((sum, share) => sum + share, 0) || 1;
  return {
    predict: (row) => stumps.reduce((sum, answer) => sum + answer(row), base),
    shares: shares.map((share) => share / all),
  };
}

/** Of the untried points, the place of the one the model believes fastest. */
function promising(points, untried, history) {
  const model = fitStumps(history.map(({ index }) => points[index].features), history.map(({ seconds }) => Math.log(seconds)));
  const guesses = untried.map((index) => (points[index].problem ? Infinity : model.predict(points[index].features)));
  return guesses.indexOf(Math.min(...guesses));
}

/**
 * A search as a generator: yields the number of the point to measure, is sent its seconds, null where it cannot run.
 * `points` are { features } or { problem }. Draws in the order of the seed; guided, it measures `first` draws and then
 * what its model ranks first, a share `explore` of the draws all the same. Refused points cost nothing of the budget.
 * Returns { history: [{ index, seconds, best }], skipped: [numbers] }, which `progress` may hold while it grows.
 */
export function* search(points, { budget, seed, guided = false, first = 8, explore = 0.15, progress = { history: [], skipped: [] } }) {
  const random = randomNumbers(seed);
  const untried = shuffled(points.length, random);
  const { history, skipped } = progress;
  while (history.length < budget && untried.length) {
    const trusting = guided && history.length >= first && random() >= explore;
    const [index] = untried.splice(trusting ? promising(points, untried, history) : 0, 1);
    const seconds = points[index].problem ? null : yield index;
    if (seconds === null) skipped.push(index);
    else history.push({ index, seconds, best: Math.min(seconds, history.at(-1)?.best ?? Infinity) });
  }
  return progress;
}
