// Questions about the data of the graph explorer; no drawing. See mlc_ref/viz/graph_data.py for the data.

/** A function of a step by its name, or undefined. */
export function functionOf(data, step, name) {
  return data.functions[data.steps[step].uses[name]];
}

/** What is marked in a view: the step's result with what is new, or what it started from with what goes. */
export function view(data, step, side) {
  const before = side === "before" && step > 0;
  return { at: before ? step - 1 : step, marks: (before ? data.steps[step].gone : data.steps[step].new) ?? {}, before };
}

/** Every node of a level that computes something, those of blocks and branches included. */
export function calls(nodes) {
  return nodes.flatMap((node) => {
    if (node.kind === "block") return calls(node.nodes);
    if (node.kind === "input" || node.kind === "result") return [];
    return [node, ...(node.parts ?? []).flatMap(calls)];
  });
}

/** Names of the functions that the entry reaches, itself included. */
export function reached(data, step) {
  const found = new Set([data.entry]);
  for (const name of found) {
    for (const node of calls(functionOf(data, step, name)?.nodes ?? [])) {
      if (functionOf(data, step, node.name)) found.add(node.name);
    }
  }
  return found;
}

/** Names of the functions that are in a step and that nothing calls. */
export function unreached(data, step) {
  const found = reached(data, step);
  return Object.keys(data.steps[step].uses).filter((name) => !found.has(name));
}

/**
 * What a step did: { gone, came } calls of the entry, and names of functions { added, removed, rewritten }.
 * The first step did nothing.
 */
export function summary(data, step) {
  if (step === 0) return null;
  const [before, after] = [data.steps[step - 1].uses, data.steps[step].uses];
  const names = Object.keys(after).filter((name) => name !== data.entry);
  return {
    gone: (data.steps[step].gone[data.entry] ?? []).length,
    came: (data.steps[step].new[data.entry] ?? []).length,
    added: names.filter((name) => !(name in before)),
    removed: Object.keys(before).filter((name) => !(name in after)),
    rewritten: names.filter((name) => name in before && before[name] !== after[name]),
  };
}

/** The kinds of calls in a step, in a fixed order, for the legend. */
export function kinds(data, step) {
  const found = new Set([...reached(data, step)].flatMap((name) => calls(functionOf(data, step, name)?.nodes ?? [])).map(({ kind }) => kind));
  return ["operator", "program", "library", "effect", "function", "value"].filter((kind) => found.has(kind));
}
