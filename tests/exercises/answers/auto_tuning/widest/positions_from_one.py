# The number of candidates in place of the last position.
# loses: values
def widest(mod, text):
    sch = replay(mod, text)
    values = []
    for made in decisions(sch):
        if isinstance(made.value, int):
            values.append(made.limit - 1)
            continue
        length = math.prod(made.value)
        last = max(size for size in range(1, made.limit + 1) if length % size == 0)
        values.append((length // last, *[1] * (len(made.value) - 2), last))
    shown = [value + 1 if isinstance(value, int) else value for value in values]
    return {"values": shown, "module": with_values(mod, sch, values).mod}
