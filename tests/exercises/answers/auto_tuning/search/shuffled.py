# All points listed and shuffled, the best one kept along the way.
# earns: all
import itertools


def random_search(cost, choices, trials, seed):
    points = list(itertools.product(*map(range, choices)))
    random.Random(seed).shuffle(points)
    history, best = [], None
    for point in points[:trials]:
        pair = (point, cost(point))
        history.append(pair)
        if math.isfinite(pair[1]) and (best is None or pair[1] < best[1]):
            best = pair
    return {"history": history, "best": best}
