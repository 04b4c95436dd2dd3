# Supported operators get a line too.
# loses: nothing, operators
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if True:
            module = f"module {node['module']}" if node["module"] else "the network itself"
            places.setdefault(node["operator"], []).append(f"node {node['name']} in {module}")
    return "\n".join(f"{operator}: {'; '.join(uses)}" for operator, uses in places.items())
