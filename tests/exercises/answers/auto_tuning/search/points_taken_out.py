# A list of all points from which one after another is taken out by chance.
# earns: all
def every_point(choices):
    if not choices:
        return [()]
    return [(first, *rest) for first in range(choices[0]) for rest in every_point(choices[1:])]


def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    left, history = every_point(choices), []
    while left and len(history) < trials:
        point = left.pop(rng.randrange(len(left)))
        history.append((point, cost(point)))
    best = None
    for pair in reversed(history):
        if pair[1] < math.inf and (best is None or pair[1] <= best[1]):
            best = pair
    return {"history": history, "best": best}
