// The graph explorer's layout and its questions about the data; hand-made levels and modules.
import assert from "node:assert/strict";
import { test } from "node:test";

import { sentence } from "../../chapters/_static/widgets/graph.js";
import { crossings, edges, layers, layout, orderEdges, spread } from "../../chapters/_static/widgets/graph_layout.js";
import { calls, functionOf, kinds, reached, summary, unreached, view } from "../../chapters/_static/widgets/graph_model.js";

const call = (name, ...args) => ({ kind: "operator", name, value: `${name} (4)`, args });
const input = (name) => ({ kind: "input", name, args: [] });
const box = { width: 100, height: 40 };

test("an argument that is read twice is one edge, and text is none", () => {
  assert.deepEqual(edges([call("a"), call("square", 0, 0, "w (3)")]), [[0, 1]]);
});

test("a node stands below all it takes, an input right above its first reader", () => {
  const nodes = [call("a", 3), call("b", 0), call("c", 1, 4), input("x"), input("y")];
  assert.deepEqual(layers(nodes), [1, 2, 3, 0, 2]);
});

test("program order is kept where a call has an effect, though no value says so", () => {
  const nodes = [call("a"), { kind: "effect", name: "print", args: [0] }, call("b", 0)];
  assert.deepEqual(orderEdges(nodes), [[0, 1], [1, 2]]);
  assert.deepEqual(layers(nodes), [0, 1, 2]);
  assert.deepEqual(orderEdges([call("a"), call("b")]), []);
});

test("a chain stands in one column", () => {
  const { boxes, width, height, routes } = layout([call("a"), call("b", 0), call("c", 1)], [box, box, box]);
  assert.deepEqual(boxes, [{ x: 0, y: 0 }, { x: 0, y: 70 }, { x: 0, y: 140 }]);
  assert.deepEqual([width, height], [100, 180]);
  assert.deepEqual(routes, [[[50, 40], [50, 70]], [[50, 110], [50, 140]]]);
});

test("boxes of a layer do not overlap and their reader stands between them", () => {
  const { boxes } = layout([call("a"), call("b"), call("c", 0, 1)], [box, box, box]);
  assert.ok(boxes[1].x >= boxes[0].x + 100);
  assert.equal(boxes[2].x, (boxes[0].x + boxes[1].x) / 2);
});

test("an edge over several layers runs beside the boxes in between", () => {
  const { boxes, routes } = layout([call("a"), call("b", 0), call("c", 0, 1)], [box, box, box]);
  const [, around] = routes;
  assert.equal(around.length, 4);
  const [[x, top], [also, bottom]] = around.slice(1, 3);
  assert.deepEqual([x, top, bottom], [also, boxes[1].y, boxes[1].y + 40]);
  assert.ok(x < boxes[1].x || x > boxes[1].x + 100);
});

test("two edges that would cross are put in order", () => {
  const nodes = [call("a"), call("b"), call("c", 1), call("d", 0)];
  const { boxes } = layout(nodes, [box, box, box, box]);
  assert.equal(Math.sign(boxes[0].x - boxes[1].x), Math.sign(boxes[3].x - boxes[2].x));
  const upper = [{ up: [] }, { up: [] }];
  assert.equal(crossings([upper, [{ up: [upper[1]] }, { up: [upper[0]] }]]), 1);
});

test("a row is spread as little as widths demand, and its middle stays", () => {
  assert.deepEqual(spread([0, 0], [100, 100]), [-62, 62]);
  assert.deepEqual(spread([0, 500], [100, 100]), [0, 500]);
});

test("an empty level has no size", () => {
  assert.deepEqual(layout([], []), { width: 0, height: 0, boxes: [], routes: [] });
});

const block = (...nodes) => ({ kind: "block", args: [], nodes });
const data = {
  entry: "main",
  open: [],
  functions: [
    { params: [], nodes: [block(call("add"), call("relu", 0))] },
    { params: [], nodes: [block({ kind: "program", name: "f", value: "y (4)", args: [] })] },
    { lines: ["for i in range(4):", "  y[i] = x[i]"] },
    { lines: ["for i in vectorized(4):", "  y[i] = x[i]"] },
  ],
  steps: [
    { title: "as given", uses: { main: 0, old: 2 } },
    { title: "fuse", uses: { main: 1, f: 2 }, gone: { main: ["0.0", "0.1"] }, new: { main: ["0.0"], f: [0, 1] } },
    { title: "vectorize", uses: { main: 1, f: 3 }, gone: { f: [0] }, new: { f: [0] } },
  ],
};

test("the side of a step chooses the module and the marks", () => {
  assert.deepEqual(view(data, 1, "before"), { at: 0, marks: { main: ["0.0", "0.1"] }, before: true });
  assert.deepEqual(view(data, 1, "after"), { at: 1, marks: { main: ["0.0"], f: [0, 1] }, before: false });
  assert.deepEqual(view(data, 0, "before"), { at: 0, marks: {}, before: false });
});

test("calls are found within blocks and branches", () => {
  const branch = { kind: "value", name: "if", args: [], parts: [[call("a")], [call("b")]] };
  assert.deepEqual(calls([block(call("add")), branch]).map(({ name }) => name), ["add", "if", "a", "b"]);
});

test("functions that nobody calls are told apart", () => {
  assert.deepEqual([...reached(data, 1)], ["main", "f"]);
  assert.deepEqual(unreached(data, 0), ["old"]);
  assert.deepEqual(kinds(data, 1), ["program"]);
  assert.equal(functionOf(data, 2, "f").lines[0], "for i in vectorized(4):");
});

test("a step is summed up by calls and functions", () => {
  assert.equal(summary(data, 0), null);
  assert.deepEqual(summary(data, 1), { gone: 2, came: 1, added: ["f"], removed: ["old"], rewritten: [] });
  assert.deepEqual(summary(data, 2), { gone: 0, came: 0, added: [], removed: [], rewritten: ["f"] });
});

test("the sentence about a step reads in both languages", () => {
  assert.equal(sentence(summary(data, 1), "main", "en"), "In main, 2 calls go, 1 is new. New functions: f. Functions removed: old.");
  assert.equal(sentence(summary(data, 2), "main", "zh"), "main 没有变化。改写的函数：f。");
  const two = { gone: 0, came: 0, added: ["f", "g"], removed: [], rewritten: [] };
  assert.equal(sentence(two, "main", "zh"), "main 没有变化。新函数：f、g。");
  assert.equal(sentence(null, "main", "en"), "");
});
