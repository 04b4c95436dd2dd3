# Divisors as NumPy arrays.
# earns: all
def widest(mod, text):
    sch = replay(mod, text)
    values = []
    for made in decisions(sch):
        if made.kind == "SampleCategorical":
            values.append(made.limit - 1)
        else:
            extent = int(np.prod(made.value))
            sizes = np.arange(1, made.limit + 1)
            last = int(sizes[extent % sizes == 0].max())
            tiles = np.ones(len(made.value), "int64")
            tiles[0], tiles[-1] = extent // last, last
            values.append(tuple(tiles.tolist()))
    return {"values": values, "module": with_values(mod, sch, values).mod}
