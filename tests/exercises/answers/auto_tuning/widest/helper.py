# A rule as a function of a decision, the values as lists.
# earns: all
def chosen(made):
    if made.kind != "SamplePerfectTile":
        return made.limit - 1
    length = 1
    for size in made.value:
        length *= size
    divisors = [d for d in range(1, length + 1) if length % d == 0 and d <= made.limit]
    tiles = [1 for _ in made.value]
    tiles[-1] = divisors[-1]
    tiles[0] = length // divisors[-1]
    return tuple(tiles)


def widest(mod, text):
    sch = replay(mod, text)
    values = list(map(chosen, decisions(sch)))
    return dict(module=with_values(mod, sch, values).mod, values=values)
