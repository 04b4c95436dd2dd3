// The graph explorer: a Relax function as boxes that fold and unfold, and a pipeline step by step.
import { el, pick, speaker, svg } from "./dom.js";
import { layout } from "./graph_layout.js";
import { calls, functionOf, kinds, summary, unreached, view } from "./graph_model.js";

const WORDS = {
  graph: { en: "graph of", zh: "计算图：" },
  operator: { en: "operator", zh: "算子" },
  program: { en: "tensor program", zh: "张量程序" },
  library: { en: "library function", zh: "库函数" },
  effect: { en: "call for its effect", zh: "有副作用的调用" },
  function: { en: "graph function", zh: "计算图函数" },
  value: { en: "other value", zh: "其他值" },
  block: { en: "dataflow block", zh: "数据流块" },
  parts: [{ en: "if true", zh: "为真时" }, { en: "if false", zh: "为假时" }],
  calls: { en: "calls", zh: "个调用" },
  result: { en: "return", zh: "返回" },
  takes: { en: "takes", zh: "输入" },
  unfold: { en: "Unfold all", zh: "全部展开" },
  fold: { en: "Fold all", zh: "全部折叠" },
  before: { en: "Before", zh: "之前" },
  after: { en: "After", zh: "之后" },
  side: { en: "Before or after the step", zh: "该步骤之前或之后" },
  steps: { en: "Steps", zh: "步骤" },
  isNew: { en: "new", zh: "新增" },
  isGone: { en: "goes", zh: "消失" },
  isRewritten: { en: "rewritten", zh: "改写" },
  unreached: { en: "In the module, called by nobody:", zh: "模块中无人调用：" },
};

/** What a step did, in a sentence or two. */
export function sentence(found, entry, lang) {
  if (!found) return "";
  const { gone, came, added, removed, rewritten } = found;
  const parts = lang === "zh"
    ? [gone || came ? `${entry} 中消失 ${gone} 个调用，新增 ${came} 个。` : `${entry} 没有变化。`]
    : [gone || came ? `In ${entry}, ${gone} ${gone === 1 ? "call goes" : "calls go"}, ${came} ${came === 1 ? "is" : "are"} new.` : `${entry} is as before.`];
  const list = (title, names) => names.length && parts.push(`${title}${names.join(lang === "zh" ? "、" : ", ")}${lang === "zh" ? "。" : "."}`);
  list(lang === "zh" ? "新函数：" : "New functions: ", added);
  list(lang === "zh" ? "删去的函数：" : "Functions removed: ", removed);
  list(lang === "zh" ? "改写的函数：" : "Functions rewritten: ", rewritten);
  return parts.join(lang === "zh" ? "" : " ");
}

export default function mount(root, data, lang) {
  const state = { step: Math.min(1, data.steps.length - 1), side: "after", folds: new Map(), all: null };
  const say = speaker(WORDS, lang);
  const canvas = el("div", { class: "mlc-graph" });
  const status = el("p", { class: "mlc-graph-status", "aria-live": "polite" });
  const foot = el("p", { class: "mlc-soft mlc-graph-foot" });
  let tallest = 0;

  const isOpen = (key, byDefault) => state.folds.get(key) ?? state.all ?? byDefault;

  function toggle(key, open) {
    state.folds.set(key, !open);
    tallest = 0;
    draw();
    canvas.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  /** The nodes of a level as boxes; context: { at, marks, before, name, path, prefix, within }. */
  function level(nodes, context) {
    const boxes = nodes.map((node, number) => box(node, { ...context, path: `${context.path}${number}` }, nodes));
    const element = el("div", { class: "mlc-level" }, svg("svg", { "aria-hidden": "true" }), boxes);
    element.level = { nodes, boxes };
    return element;
  }

  function fold(key, open, label, note) {
    const attributes = { type: "button", class: "mlc-fold", "aria-expanded": String(open), "data-key": key, onclick: () => toggle(key, open) };
    return el("button", attributes, el("span", { class: "mlc-fold-sign", "aria-hidden": "true" }, open ? "▾" : "▸"), el("code", {}, label), note);
  }

  function box(node, context, nodes) {
    if (node.kind === "block") return block(node, context);
    if (node.kind === "input") return el("div", { class: "mlc-node mlc-node-input" }, el("code", {}, node.name));
    if (node.kind === "result") {
      return el("div", { class: "mlc-node mlc-node-input" }, say("result"), " ", el("code", {}, node.name));
    }
    return call(node, context, nodes);
  }

  function block(node, context) {
    const key = `${context.prefix}/${context.path}`;
    const open = isOpen(key, true);
    const count = el("span", { class: "mlc-soft" }, `${calls(node.nodes).length} ${say("calls")}`);
    const inner = open && level(node.nodes, { ...context, path: `${context.path}.` });
    return el("div", { class: "mlc-node mlc-node-block" }, fold(key, open, say("block"), count), inner);
  }

  function call(node, context, nodes) {
    const callee = functionOf(data, context.at, node.name);
    const marks = context.marks[context.name] ?? [];
    const marked = marks.includes(context.path);
    const rewritten = !marked && callee && node.name in context.marks;
    const key = `${context.prefix}/${node.name}@${(node.value ?? "").split(" ")[0]}`;
    const foldable = callee && !context.within.includes(node.name);
    const open = foldable && isOpen(key, data.open.includes(node.name));
    const word = marked ? (context.before ? "isGone" : "isNew") : rewritten ? "isRewritten" : null;
    const mark = word && el("span", { class: "mlc-mark" }, say(word));
    const texts = node.args.filter((each) => typeof each === "string");
    const names = node.args.map((each) => (typeof each === "string" ? each : (nodes[each].value ?? nodes[each].name ?? say("block"))));
    return el(
      "div",
      { class: `mlc-node mlc-node-${node.kind}${word ? ` mlc-${word}` : ""}`, title: `${say(node.kind)}${lang === "zh" ? "：" : ": "}${node.name}(${names.join(", ")})` },
      foldable ? fold(key, open, node.name, mark) : el("div", { class: "mlc-node-name" }, el("code", {}, node.name), mark),
      texts.length > 0 && el("div", { class: "mlc-node-takes" }, texts.map((text) => el("code", {}, text))),
      node.value && node.value !== "_" && el("div", { class: "mlc-node-value" }, "→ ", el("code", {}, node.value)),
      open && body(callee, { ...context, name: node.name, prefix: key, path: "", within: [...context.within, node.name] }),
      (node.parts ?? []).map((part, branch) => [
        el("div", { class: "mlc-soft" }, pick(WORDS.parts[branch], lang)),
        level(part, { ...context, path: `${context.path}.${branch}.` }),
      ]),
    );
  }

  /** A called function unfolded in its place: a graph, or the loops of a tensor program. */
  function body(callee, context) {
    if (callee.nodes) return level(callee.nodes, context);
    const marks = context.marks[context.name] ?? [];
    const [tag, kind] = context.before ? ["del", "mlc-gone"] : ["ins", "mlc-new"];
    const lines = callee.lines.map((line, number) => (marks.includes(number) ? el(tag, { class: kind }, line) : el("span", {}, line)));
    return el("pre", { class: "mlc-lines", tabindex: "0", "aria-label": context.name }, lines);
  }

  /** Give the boxes of a level, and first those of the levels within it, their places. */
  function place(element) {
    const { nodes, boxes } = element.level;
    for (const inner of element.querySelectorAll(":scope > .mlc-node > .mlc-level")) place(inner);
    const sizes = boxes.map((each) => ({ width: each.offsetWidth, height: each.offsetHeight }));
    const found = layout(nodes, sizes);
    boxes.forEach((each, number) => {
      each.style.left = `${found.boxes[number].x}px`;
      each.style.top = `${found.boxes[number].y}px`;
    });
    element.style.width = `${found.width}px`;
    element.style.height = `${found.height}px`;
    const drawing = element.querySelector(":scope > svg");
    drawing.setAttribute("width", found.width);
    drawing.setAttribute("height", found.height);
    drawing.replaceChildren(...found.routes.flatMap(arrow));
  }

  function draw() {
    const { at, marks, before } = view(data, state.step, state.side);
    const context = { at, marks, before, name: data.entry, prefix: data.entry, path: "", within: [data.entry] };
    const top = level(functionOf(data, at, data.entry).nodes, context);
    canvas.style.setProperty("--mlc-room", `${canvas.clientWidth}px`);
    canvas.replaceChildren(top);
    place(top);
    tallest = Math.max(tallest, top.offsetHeight);
    canvas.style.minHeight = `${tallest + 2}px`;
    const wide = canvas.scrollWidth > canvas.clientWidth;
    canvas.toggleAttribute("tabindex", false);
    if (wide) canvas.setAttribute("tabindex", "0");
    if (wide) canvas.setAttribute("role", "region");
    else canvas.removeAttribute("role");
    const lost = unreached(data, at);
    foot.replaceChildren(
      ...kinds(data, at).map((kind) => el("span", { class: `mlc-key mlc-node-${kind}` }, say(kind))),
      lost.length ? el("span", {}, `${say("unreached")} ${lost.join(lang === "zh" ? "、" : ", ")}`) : "",
    );
    status.textContent = sentence(summary(data, state.step), data.entry, lang);
  }

  const { steps, sides, refresh } = makeControls(data, lang, state, say, () => draw());
  const foldAll = (open) => () => {
    state.folds.clear();
    state.all = open;
    tallest = 0;
    draw();
  };
  const folding = el(
    "div",
    { class: "mlc-controls" },
    sides,
    el("button", { type: "button", onclick: foldAll(true) }, say("unfold")),
    el("button", { type: "button", onclick: foldAll(false) }, say("fold")),
  );
  canvas.setAttribute("aria-label", `${say("graph")} ${data.entry}`);
  root.append(steps, folding, data.steps.length > 1 ? status : "", canvas, foot);
  refresh();
  draw();
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    requestAnimationFrame(draw);
  }).observe(canvas);
}

/** The row of steps and the choice of a side; absent where there is one step. */
function makeControls(data, lang, state, say, draw) {
  if (data.steps.length === 1) return { steps: "", sides: null, refresh: () => {} };
  const go = (step) => {
    state.step = Math.min(Math.max(step, 0), data.steps.length - 1);
    refresh();
    draw();
  };
  const steps = data.steps.map(({ title }, step) => el("button", { type: "button", onclick: () => go(step) }, pick(title, lang)));
  const sides = ["before", "after"].map((side) => {
    const choose = () => {
      state.side = side;
      refresh();
      draw();
    };
    return el("button", { type: "button", onclick: choose }, say(side));
  });
  const keys = (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    go(state.step + move);
    steps[state.step].focus();
  };
  function refresh() {
    steps.forEach((button, step) => (step === state.step ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    sides.forEach((button, place) => {
      button.setAttribute("aria-pressed", String((state.side === "before") === (place === 0)));
      button.disabled = state.step === 0;
    });
  }
  return {
    steps: el("div", { class: "mlc-controls", role: "group", "aria-label": say("steps"), onkeydown: keys }, steps),
    sides: el("div", { class: "mlc-controls", role: "group", "aria-label": say("side") }, sides),
    refresh,
  };
}

/** An edge through its points, with a head at the end. */
function arrow(points) {
  const [x, y] = points.at(-1);
  let path = `M${points[0].join(" ")}`;
  points.slice(1).forEach(([toX, toY], before) => {
    const fromY = points[before][1];
    const bend = (toY - fromY) / 2;
    path += `C${points[before][0]} ${fromY + bend} ${toX} ${toY - bend} ${toX} ${toY}`;
  });
  return [
    svg("path", { class: "mlc-edge", d: path }),
    svg("path", { class: "mlc-edge-head", d: `M${x - 4} ${y - 7}L${x + 4} ${y - 7}L${x} ${y}z` }),
  ];
}
