# In Chinese, without spaces.
# earns: all
def explain(graph, supported):
    places = {}
    for node in graph["nodes"]:
        if node["operator"] not in supported:
            module = f"模块{node['module']}中的" if node["module"] else ""
            places.setdefault(node["operator"], []).append(f"{module}节点{node['name']}")
    return "\n".join(f"{operator}: {'、'.join(uses)}" for operator, uses in places.items())
