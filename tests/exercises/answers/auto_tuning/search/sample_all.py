# A sample of all points.
# earns: all
def random_search(cost, choices, trials, seed):
    rng = np.random.default_rng(seed)
    total = math.prod(choices)
    numbers = rng.permutation(total)[:trials]
    points = [tuple(int(n) for n in np.unravel_index(number, choices)) for number in numbers]
    history = [(point, cost(point)) for point in points]
    finite = [pair for pair in history if pair[1] < math.inf]
    return {"history": history, "best": min(finite, key=lambda pair: pair[1], default=None)}
