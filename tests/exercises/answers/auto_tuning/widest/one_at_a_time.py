# One decision is changed at a time, with a replay for each.
# earns: all
def widest(mod, text):
    sch = replay(mod, text)
    for place in range(len(decisions(sch))):
        values = [made.value for made in decisions(sch)]
        made = decisions(sch)[place]
        if isinstance(made.value, int):
            values[place] = made.limit - 1
        else:
            length = math.prod(made.value)
            last = max(d for d in range(1, min(made.limit, length) + 1) if not length % d)
            values[place] = (length // last,) + tuple([1] * (len(made.value) - 2)) + (last,)
        sch = with_values(mod, sch, values)
    return {"values": [made.value for made in decisions(sch)], "module": sch.mod}
