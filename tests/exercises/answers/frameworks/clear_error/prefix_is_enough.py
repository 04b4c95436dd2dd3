# An operator whose beginning is in the list counts as supported.
# loses: operators, places
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if not any(node["operator"].split(".")[1] == each.split(".")[1] for each in supported):
            module = f"module {node['module']}" if node["module"] else "the network itself"
            places.setdefault(node["operator"], []).append(f"node {node['name']} in {module}")
    return "\n".join(f"{operator}: {'; '.join(uses)}" for operator, uses in places.items())
