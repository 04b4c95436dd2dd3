# A list instead of a text.
# loses: all
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            module = f"module {node['module']}" if node["module"] else "the network itself"
            places.setdefault(node["operator"], []).append(f"node {node['name']} in {module}")
    return [f"{operator}: {'; '.join(uses)}" for operator, uses in places.items()]
