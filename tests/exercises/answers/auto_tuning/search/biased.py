# Small options more often.
# loses: random
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    want = min(trials, math.prod(choices))
    seen, history = set(), []
    while len(history) < want:
        point = tuple(min(rng.randrange(c), rng.randrange(c)) for c in choices)
        if point in seen: continue
        seen.add(point); history.append((point, cost(point)))
    ok = [h for h in history if not math.isinf(h[1])]
    return {"history": history, "best": min(ok, key=lambda h: h[1]) if ok else None}
