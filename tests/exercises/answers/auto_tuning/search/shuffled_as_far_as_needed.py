# Fisher and Yates's shuffle of the numbers of all points, as far as it is needed: what was not swapped is not stored.
# earns: all
def random_search(cost, choices, trials, seed):
    rng, total, swapped, history = random.Random(seed), math.prod(choices), {}, []
    for place in range(min(trials, total)):
        other = rng.randrange(place, total)
        number = swapped.get(other, other)
        swapped[other] = swapped.get(place, place)
        point = ()
        for limit in reversed(choices):
            point = (number % limit, *point)
            number //= limit
        history.append((point, cost(point)))
    best = min(history, key=lambda pair: pair[1], default=(None, math.inf))
    return dict(history=history, best=None if best[1] == math.inf else best)
