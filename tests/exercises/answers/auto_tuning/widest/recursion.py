# The largest divisor by recursion, a generator for the values.
# earns: all
def largest(length, limit):
    return limit if length % limit == 0 else largest(length, limit - 1)


def chosen(sch):
    for made in decisions(sch):
        if type(made.value) is int:
            yield made.limit - 1
            continue
        length = 1
        for tile in made.value:
            length = length * tile
        last = largest(length, made.limit)
        yield tuple(length // last if place == 0 else 1 for place in range(len(made.value) - 1)) + (last,)


def widest(mod, text):
    sch = replay(mod, text)
    values = [*chosen(sch)]
    new = with_values(mod, sch, tuple(values))
    return {"values": values, "module": new.mod}
