# A match over the kind of decision, the divisor by next().
# earns: all
def widest(mod, text):
    def value(made):
        match made.value:
            case int():
                return made.limit - 1
            case (first, *rest):
                length = first * math.prod(rest)
                last = next(size for size in range(made.limit, 0, -1) if length % size == 0)
                return (length // last, *(1 for _ in rest[1:]), last)

    sch = replay(mod, text)
    values = [value(made) for made in decisions(sch)]
    return {"values": values, "module": with_values(mod, sch, values).mod}
