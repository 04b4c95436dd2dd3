# With defaultdict.
# earns: all
from collections import defaultdict


def explain(graph, supported):
    uses = defaultdict(list)
    for node in graph["nodes"]:
        where = f" [{node['module']}]" if node["module"] != "" else ""
        uses[node["operator"]].append(node["name"] + where)
    return "\n".join(op + " -> " + " | ".join(uses[op]) for op in uses if op not in supported)
