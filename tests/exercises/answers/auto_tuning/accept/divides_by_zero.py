# The chance is computed first, at temperature 0 as well.
# loses: improvement,unmeasurable
def accept(parents, children, temperature, draws):
    accepted, best = [], int(np.argmin(parents))
    for place, (parent, child, draw) in enumerate(zip(parents, children, draws)):
        chance = (parent / child) ** (1 / temperature)
        if math.isinf(child):
            accepted.append(False)
        elif child <= parent:
            accepted.append(True)
        elif temperature == 0 or place == best:
            accepted.append(False)
        else:
            accepted.append(bool(draw < chance))
    return accepted
