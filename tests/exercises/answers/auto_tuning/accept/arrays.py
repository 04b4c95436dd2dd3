# Whole arrays at once.
# earns: all
def accept(parents, children, temperature, draws):
    better = (children <= parents) & np.isfinite(children)
    with np.errstate(all="ignore"):
        chance = np.zeros(len(parents)) if temperature == 0 else (parents / children) ** (1 / temperature)
    lucky = (draws < chance) & np.isfinite(children)
    lucky[np.argmin(parents)] = False
    return better | lucky
