# Changes the best point so far in one place.
# loses: random
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    history, best = {}, None
    while len(history) < min(trials, math.prod(choices)):
        point = list(best) if best and rng.random() < 0.8 else [rng.randrange(c) for c in choices]
        d = rng.randrange(len(choices))
        point[d] = rng.randrange(choices[d])
        point = tuple(point)
        if point not in history:
            history[point] = cost(point)
            if best is None or history[point] < history[best]:
                best = point
    pairs = [pair for pair in history.items() if math.isfinite(pair[1])]
    return {"history": list(history.items()), "best": min(pairs, key=lambda pair: pair[1]) if pairs else None}
