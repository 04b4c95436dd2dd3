# Each node gets the module of another.
# loses: places
# says: next to that node
def explain(graph, supported):
    d = {}
    for n in graph["nodes"]:
        if n["operator"] not in supported:
            d.setdefault(n["operator"], []).append((n["name"], n["module"]))
    return "\n".join(f"{op}: " + "; ".join(f"node {a} in module {m}" for (a, _), (_, m) in zip(u, reversed(u))) for op, u in d.items())
