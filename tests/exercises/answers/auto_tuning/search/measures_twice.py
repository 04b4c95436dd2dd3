# Looks for the best by asking every cost again.
# loses: history
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    want = min(trials, math.prod(choices))
    seen = {}
    while len(seen) < want:
        point = tuple(rng.randrange(c) for c in choices)
        if point not in seen: seen[point] = cost(point)
    best = min(seen, key=cost)
    return {"history": list(seen.items()), "best": None if math.isinf(seen[best]) else (best, seen[best])}
