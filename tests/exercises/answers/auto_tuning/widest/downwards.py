# Looks for the divisor from the limit downwards, and replays the trace with its own hands.
# earns: all
def widest(mod, text):
    drawn = replay(mod, text)
    trace, values = drawn.trace, []
    made = [each for each in drawn.trace.insts if each in drawn.trace.decisions]
    for instruction, choice in zip(made, decisions(drawn)):
        if choice.kind == "SampleCategorical":
            value = choice.limit - 1
        else:
            extent = int(np.prod(choice.value))
            last = min(choice.limit, extent)
            while extent % last:
                last -= 1
            value = (extent // last,) + (1,) * (len(choice.value) - 2) + (last,)
        values.append(value)
        new = list(value) if isinstance(value, tuple) else value
        trace = trace.with_decision(instruction, new, remove_postproc=False)
    fresh = Schedule(mod)
    trace.apply_to_schedule(fresh, remove_postproc=False)
    return {"module": fresh.mod, "values": values}
