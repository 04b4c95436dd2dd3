# All divisors found in pairs up to the square root, then sorted.
# earns: all
def divisors(number):
    found = set()
    size = 1
    while size * size <= number:
        if number % size == 0:
            found |= {size, number // size}
        size += 1
    return sorted(found)


def widest(mod, text):
    schedule = replay(mod, text)
    values = []
    for decision in decisions(schedule):
        if isinstance(decision.value, tuple):
            extent = math.prod(decision.value)
            inner = [size for size in divisors(extent) if size <= decision.limit][-1]
            values += [(extent // inner,) + (len(decision.value) - 2) * (1,) + (inner,)]
        else:
            values += [decision.limit - 1]
    replayed = with_values(mod, schedule, values)
    return {"module": replayed.mod, "values": values}
