# The costs in a dictionary, whose order is that of the measurements.
# earns: all
def random_search(cost, choices, trials, seed):
    rng, costs = np.random.default_rng(seed), {}
    for _ in iter(lambda: len(costs) < min(trials, math.prod(choices)), False):
        point = tuple(rng.integers(0, choices).tolist())
        if point not in costs:
            costs[point] = cost(point)
    finite = {point: found for point, found in costs.items() if math.isfinite(found)}
    best = min(finite.items(), key=lambda pair: pair[1]) if finite else None
    return {"history": list(costs.items()), "best": best}
