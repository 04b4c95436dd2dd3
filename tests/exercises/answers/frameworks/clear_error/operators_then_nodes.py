# First the list of operators, then the nodes of each.
# earns: all
def explain(graph, supported):
    missing = []
    for node in graph["nodes"]:
        if node["operator"] not in supported and node["operator"] not in missing:
            missing.append(node["operator"])
    lines = []
    for operator in missing:
        line = f"Not supported: {operator}, used by"
        for node in graph["nodes"]:
            if node["operator"] == operator:
                line += f" {node['name']}"
                if node["module"]:
                    line += f" (in {node['module']})"
        lines.append(line)
    return "\n".join(lines)
