# The rule of equal costs before the rule of infinite children.
# loses: unmeasurable
def accept(parents, children, temperature, draws):
    accepted, best = [], int(np.argmin(parents))
    for place, (parent, child, draw) in enumerate(zip(parents, children, draws)):
        if child <= parent:
            accepted.append(True)
        elif math.isinf(child):
            accepted.append(False)
        elif temperature == 0 or place == best:
            accepted.append(False)
        else:
            accepted.append(bool(draw < (parent / child) ** (1 / temperature)))
    return accepted
