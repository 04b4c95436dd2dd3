# Modules are left out.
# loses: places
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            module = f"module {node['module']}" if node["module"] else "the network itself"
            places.setdefault(node["operator"], []).append(f"node {node['name']}")
    return "\n".join(f"{operator}: {'; '.join(uses)}" for operator, uses in places.items())
