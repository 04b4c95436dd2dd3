// Where the boxes of a graph stand and how its edges run: layers from top to bottom, few crossings. Numbers only.
const ACROSS = 24; // between boxes of a layer
const DOWN = 30; // between layers
const LANE = 14; // width kept for an edge that passes a layer

/** Edges [from, to] of a level: for each node the nodes among its arguments, once each. */
export function edges(nodes) {
  return nodes.flatMap(({ args }, to) => [...new Set(args.filter((each) => typeof each === "number"))].map((from) => [from, to]));
}

/** Edges that only say what comes first: where effects or blocks stand, program order is kept. */
export function orderEdges(nodes) {
  if (!nodes.some(({ kind }) => kind === "block" || kind === "effect")) return [];
  const inOrder = nodes.map((_, number) => number).filter((number) => !["input", "result"].includes(nodes[number].kind));
  return inOrder.slice(1).map((number, before) => [inOrder[before], number]);
}

/** The layer of each node: below everything it takes; inputs stand right above their first reader. */
export function layers(nodes) {
  const all = [...edges(nodes), ...orderEdges(nodes)];
  const layer = nodes.map(() => 0);
  const input = (number) => nodes[number].kind === "input";
  for (let round = 0; round < nodes.length; round += 1) {
    for (const [from, to] of all) layer[to] = Math.max(layer[to], layer[from] + 1);
  }
  const last = Math.max(0, ...layer);
  nodes.forEach((node, number) => {
    if (node.kind === "result") layer[number] = Math.max(last, layer[number]);
    const readers = all.filter(([from]) => from === number).map(([, to]) => layer[to]);
    if (input(number) && readers.length) layer[number] = Math.min(...readers) - 1;
  });
  return layer;
}

/** The nodes with stand-ins for the edges that pass them: rows of items { node, width, height, up, down }. */
function rowsOf(nodes, sizes) {
  const layer = layers(nodes);
  const rows = Array.from({ length: Math.max(0, ...layer) + 1 }, () => []);
  const items = nodes.map((_, number) => ({ node: number, ...sizes[number], up: [], down: [], y: 0, x: 0 }));
  items.forEach((item, number) => rows[layer[number]].push(item));
  const routes = edges(nodes).map(([from, to]) => {
    const route = [items[from]];
    for (let row = layer[from] + 1; row < layer[to]; row += 1) {
      const lane = { node: null, width: LANE, height: 0, up: [], down: [], y: 0, x: 0 };
      rows[row].push(lane);
      route.push(lane);
    }
    route.push(items[to]);
    for (let i = 1; i < route.length; i += 1) {
      route[i - 1].down.push(route[i]);
      route[i].up.push(route[i - 1]);
    }
    return route;
  });
  return { rows, routes, items };
}

/** How many pairs of edges between two neighbouring rows cross. */
export function crossings(rows) {
  let count = 0;
  rows.slice(1).forEach((row, above) => {
    const pairs = row.flatMap((item, place) => item.up.map((upper) => [rows[above].indexOf(upper), place]));
    for (const [a, b] of pairs) for (const [c, d] of pairs) if (a < c && b > d) count += 1;
  });
  return count;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Order each row by where its neighbours stand, up and down a few times; the best order found stays. */
function order(rows) {
  let best = rows.map((row) => [...row]);
  for (let round = 0; round < 6; round += 1) {
    const down = round % 2 === 0;
    const indices = rows.map((_, index) => index);
    for (const index of down ? indices.slice(1) : indices.slice(0, -1).reverse()) {
      const other = rows[index + (down ? -1 : 1)];
      const wish = new Map(
        rows[index].map((item, place) => {
          const near = (down ? item.up : item.down).map((each) => other.indexOf(each));
          return [item, near.length ? mean(near) : place];
        }),
      );
      rows[index].sort((a, b) => wish.get(a) - wish.get(b));
    }
    if (crossings(rows) < crossings(best)) best = rows.map((row) => [...row]);
  }
  return best;
}

/** Centres of a row as near to the wishes as the widths allow. */
export function spread(wishes, widths) {
  const found = [];
  wishes.forEach((wish, place) => {
    const least = place ? found[place - 1] + (widths[place - 1] + widths[place]) / 2 + ACROSS : wish;
    found.push(Math.max(wish, least));
  });
  const shift = wishes.length ? mean(found.map((value, place) => value - wishes[place])) : 0;
  return found.map((value) => value - shift);
}

function setCentres(rows) {
  for (const row of rows) spread(row.map(() => 0), row.map(({ width }) => width)).forEach((x, place) => (row[place].x = x));
  for (let round = 0; round < 8; round += 1) {
    const down = round % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const wishes = row.map((item) => {
        const near = (down ? item.up : item.down).map(({ x }) => x);
        return near.length ? mean(near) : item.x;
      });
      spread(wishes, row.map(({ width }) => width)).forEach((x, place) => (row[place].x = x));
    }
  }
}

/**
 * Place a level.
 * nodes: [{ kind, args }]; sizes: [{ width, height }] of their boxes.
 * Returns { width, height, boxes: [{ x, y }] (top left corners), routes: [[[x, y], …]] (from below a box to above one) }.
 */
export function layout(nodes, sizes) {
  const { rows: unordered, routes, items } = rowsOf(nodes, sizes);
  const rows = order(unordered);
  setCentres(rows);
  const left = Math.min(...items.map(({ x, width }) => x - width / 2), ...rows.flat().map(({ x }) => x - LANE / 2));
  let y = 0;
  for (const row of rows) {
    const height = Math.max(0, ...row.map((item) => item.height));
    for (const item of row) {
      item.x = Math.round(item.x - left);
      if (item.node === null) item.height = height; // an edge passes a row straight
      item.y = y + (height - item.height) / 2;
    }
    y += height + DOWN;
  }
  return {
    width: Math.max(0, ...rows.flat().map(({ x, width }) => x + width / 2)),
    height: Math.max(0, y - DOWN),
    boxes: items.map(({ x, y: top, width }) => ({ x: x - width / 2, y: top })),
    routes: routes.map((route) =>
      route.flatMap((item, place) => {
        const points = [[item.x, item.y], [item.x, item.y + item.height]];
        if (place === 0) return points.slice(1);
        return place === route.length - 1 ? points.slice(0, 1) : points;
      }),
    ),
  };
}
