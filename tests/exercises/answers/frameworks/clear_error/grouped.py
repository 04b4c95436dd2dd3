# Grouped after sorting by the place of first use.
# earns: all
from itertools import groupby


def explain(graph, supported):
    unknown = [node for node in graph["nodes"] if node["operator"] not in set(supported)]
    order = [node["operator"] for node in unknown]
    unknown.sort(key=lambda node: order.index(node["operator"]))
    text = ""
    for operator, uses in groupby(unknown, key=lambda node: node["operator"]):
        places = ["/".join(filter(None, (node["name"], node["module"]))) for node in uses]
        text += ("\n" if text else "") + operator + " is missing at " + ", ".join(places)
    return text
