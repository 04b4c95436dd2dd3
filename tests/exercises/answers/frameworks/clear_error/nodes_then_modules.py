# All nodes, then their modules in the same order.
# earns: all
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            places.setdefault(node["operator"], []).append(node)
    lines = []
    for operator, nodes in places.items():
        names = ", ".join(node["name"] for node in nodes)
        modules = ", ".join(node["module"] or "-" for node in nodes)
        lines.append(f"{operator}: nodes {names}; modules {modules}")
    return "\n".join(lines)
