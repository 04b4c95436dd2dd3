# The chance by logarithms, the best place found by hand, one return for each rule.
# earns: all
def accept(parents, children, temperature, draws):
    best = 0
    for place in range(1, len(parents)):
        if parents[place] < parents[best]:
            best = place

    def one(place):
        parent, child = float(parents[place]), float(children[place])
        if child == math.inf:
            return False
        if parent == math.inf or parent >= child:
            return True
        if place == best or not temperature:
            return False
        if draws[place] == 0:
            return True
        return math.log2(draws[place]) * temperature < math.log2(parent) - math.log2(child)

    return [one(place) for place in range(len(parents))]
