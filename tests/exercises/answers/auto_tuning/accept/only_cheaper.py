# A child of equal cost is refused.
# loses: improvement
def accept(parents, children, temperature, draws):
    accepted, best = [], int(np.argmin(parents))
    for place, (parent, child, draw) in enumerate(zip(parents, children, draws)):
        if math.isinf(child):
            accepted.append(False)
        elif child < parent:
            accepted.append(True)
        elif temperature == 0 or place == best:
            accepted.append(False)
        else:
            accepted.append(bool(draw < (parent / child) ** (1 / temperature)))
    return accepted
