# Every point gets a random key; the points of the least keys are measured.
# earns: all
import heapq
import itertools


def random_search(cost, choices, trials, seed):
    rng = np.random.RandomState(seed)
    points = list(itertools.product(*[range(limit) for limit in choices]))
    keys = rng.random_sample(len(points))
    chosen = heapq.nsmallest(trials, range(len(points)), key=keys.__getitem__)
    history = []
    for place in chosen:
        history.append((points[place], cost(points[place])))
    costs = np.array([found for _point, found in history])
    best = history[int(np.argmin(costs))] if np.isfinite(costs).any() else None
    return {"history": history, "best": best}
