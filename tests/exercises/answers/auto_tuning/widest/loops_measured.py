# The values are read back from the replayed schedule, as lists of integers of NumPy made plain.
# earns: all
def widest(mod, text):
    given = replay(mod, text)

    def rule(made):
        if made.kind == "SampleCategorical":
            return made.limit - 1
        length = math.prod(made.value)
        last = max(math.gcd(length, size) for size in range(1, made.limit + 1) if math.gcd(length, size) == size)
        tiles = [length // last] + [1] * (len(made.value) - 1)
        tiles[-1] = last
        return tuple(tiles)

    new = with_values(mod, given, [rule(made) for made in decisions(given)])
    return {"values": tuple(made.value for made in decisions(new)), "module": new.mod}
