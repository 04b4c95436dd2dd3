# The history sorted by cost.
# loses: history,random
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    points = [tuple(int(n) for n in np.unravel_index(k, choices)) for k in rng.sample(range(math.prod(choices)), min(trials, math.prod(choices)))]
    history = sorted([(point, cost(point)) for point in points], key=lambda pair: pair[1])
    return {"history": history, "best": history[0] if math.isfinite(history[0][1]) else None}
