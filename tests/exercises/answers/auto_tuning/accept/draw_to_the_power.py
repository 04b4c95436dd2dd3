# The draw raised to the temperature is compared with the ratio.
# earns: all
def accept(parents, children, temperature, draws):
    result = []
    best = np.flatnonzero(parents == parents.min())[0]
    for place in range(len(parents)):
        if not math.isfinite(children[place]):
            result.append(False)
        elif not math.isfinite(parents[place]) or children[place] <= parents[place]:
            result.append(True)
        elif temperature == 0:
            result.append(False)
        else:
            lucky = draws[place] ** temperature < parents[place] / children[place]
            result.append(bool(lucky and place != best))
    return result
