# The limit itself where it is a divisor, and the whole length in one tile otherwise.
# loses: values,module
def widest(mod, text):
    sch = replay(mod, text)
    values = []
    for made in decisions(sch):
        if isinstance(made.value, int):
            values.append(made.limit - 1)
            continue
        length = math.prod(made.value)
        last = made.limit if length % made.limit == 0 else 1
        values.append((length // last, *[1] * (len(made.value) - 2), last))
    return {"values": values, "module": with_values(mod, sch, values).mod}
