# Lines sorted by the alphabet.
# loses: operators
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            module = f"module {node['module']}" if node["module"] else "the network itself"
            places.setdefault(node["operator"], []).append(f"node {node['name']} in {module}")
    return "\n".join(f"{operator}: {'; '.join(uses)}" for operator, uses in sorted(places.items()))
