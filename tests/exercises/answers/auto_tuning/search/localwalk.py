# One decision changed at a time.
# loses: random
def random_search(cost, choices, trials, seed):
    rng = random.Random(seed)
    want = min(trials, math.prod(choices))
    seen, history = set(), []
    cur = [rng.randrange(c) for c in choices]
    while len(history) < want:
        point = tuple(cur)
        if point not in seen:
            seen.add(point); history.append((point, cost(point)))
        d = rng.randrange(len(choices)); cur[d] = rng.randrange(choices[d])
    ok = [h for h in history if not math.isinf(h[1])]
    return {"history": history, "best": min(ok, key=lambda h: h[1]) if ok else None}
