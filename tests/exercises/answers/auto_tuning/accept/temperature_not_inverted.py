# The ratio to the power of the temperature.
# loses: temperature
def accept(parents, children, temperature, draws):
    accepted, best = [], int(np.argmin(parents))
    for place, (parent, child, draw) in enumerate(zip(parents, children, draws)):
        if math.isinf(child):
            accepted.append(False)
        elif child <= parent:
            accepted.append(True)
        elif temperature == 0 or place == best:
            accepted.append(False)
        else:
            accepted.append(bool(draw < (parent / child) ** temperature))
    return accepted
