# A sample without repetition by the standard library.
# earns: all
def random_search(cost, choices, trials, seed):
    total = math.prod(choices)
    numbers = random.Random(seed).sample(range(total), k=min(trials, total))
    history = []
    for number in numbers:
        point = tuple(number // math.prod(choices[place + 1:]) % limit for place, limit in enumerate(choices))
        history.append((point, cost(point)))
    history_without = [pair for pair in history if pair[1] != float("inf")]
    best = sorted(history_without, key=lambda pair: pair[1])[0] if history_without else None
    return {"history": history, "best": best}
