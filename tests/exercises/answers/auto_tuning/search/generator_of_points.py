# A generator that yields new points for ever, cut off by islice.
# earns: all
from itertools import islice


def new_points(choices, rng):
    seen = set()
    while len(seen) < math.prod(choices):
        point = tuple(int(rng.random() * limit) for limit in choices)
        if point not in seen:
            seen.add(point)
            yield point


def random_search(cost, choices, trials, seed):
    history = [(point, cost(point)) for point in islice(new_points(choices, random.Random(seed)), trials)]
    best = min(history, key=lambda pair: pair[1], default=None)
    if best is not None and math.isinf(best[1]):
        best = None
    return {"history": history, "best": best}
