# A whole number for each point, drawn anew until it is new, and decoded by division.
# earns: all
def random_search(cost, choices, trials, seed):
    generator = random.Random(seed)
    total = math.prod(choices)
    seen, history = set(), []
    while len(seen) < min(total, trials):
        number = generator.randrange(total)
        if number in seen:
            continue
        seen.add(number)
        point = []
        for limit in choices:
            number, position = divmod(number, limit)
            point.append(position)
        history.append((tuple(point), cost(tuple(point))))
    best = None
    for point, cycles in history:
        if cycles < (math.inf if best is None else best[1]):
            best = (point, cycles)
    return {"history": history, "best": best}
