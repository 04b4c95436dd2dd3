# A line for each use.
# loses: operators
def explain(graph, supported):
    lines = []
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            lines.append(f"{node['operator']}: node {node['name']} in {node['module'] or 'the network'}")
    return "\n".join(lines)
