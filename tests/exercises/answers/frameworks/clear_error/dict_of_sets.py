# Grouped by comprehension.
# earns: all
def explain(graph, supported):
    known = set(supported)
    missing = [n for n in graph["nodes"] if n["operator"] not in known]
    order = list(dict.fromkeys(n["operator"] for n in missing))
    return "\n".join(
        "Unsupported operator " + op + " used at " + ", ".join(n["name"] + (" (module " + n["module"] + ")" if n["module"] else "") for n in missing if n["operator"] == op)
        for op in order
    )
