# A random start, then one point after the other.
# loses: random
def random_search(cost, choices, trials, seed):
    total = math.prod(choices)
    start = random.Random(seed).randrange(total)
    history = []
    for t in range(min(trials, total)):
        index = (start + t) % total
        point = []
        for c in choices:
            point.append(index % c); index //= c
        point = tuple(point); history.append((point, cost(point)))
    ok = [h for h in history if not math.isinf(h[1])]
    return {"history": history, "best": min(ok, key=lambda h: h[1]) if ok else None}
