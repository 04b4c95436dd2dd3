# Only the first decision is replaced.
# loses: values,module
def widest(mod, text):
    sch = replay(mod, text)
    values = []
    for made in decisions(sch):
        if values:
            values.append(made.value)
            continue
        if isinstance(made.value, int):
            values.append(made.limit - 1)
            continue
        length = math.prod(made.value)
        last = max(size for size in range(1, made.limit + 1) if length % size == 0)
        values.append((length // last, *[1] * (len(made.value) - 2), last))
    return {"values": values, "module": with_values(mod, sch, values).mod}
