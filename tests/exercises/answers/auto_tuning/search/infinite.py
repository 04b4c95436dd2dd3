# Never stops where the space has fewer points than trials.
# loses: all
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    seen, history = set(), []
    while len(history) < trials:
        point = tuple(rng.randrange(c) for c in choices)
        if point in seen: continue
        seen.add(point); history.append((point, cost(point)))
    ok = [h for h in history if not math.isinf(h[1])]
    return {"history": history, "best": min(ok, key=lambda h: h[1]) if ok else None}
