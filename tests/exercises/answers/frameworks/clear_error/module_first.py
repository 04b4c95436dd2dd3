# The module stands before the node.
# earns: all
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            module = node["module"] + "/" if node["module"] else ""
            places.setdefault(node["operator"], []).append(f"{module}{node['name']}")
    return "\n".join(f"{operator}: {'; '.join(uses)}" for operator, uses in places.items())
