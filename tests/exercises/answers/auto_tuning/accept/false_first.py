# An array of False, set to True place by place.
# earns: all
def accept(parents, children, temperature, draws):
    accepted = np.zeros(len(parents), dtype=bool)
    best = np.argmin(parents)
    for place in range(len(parents)):
        parent, child = parents[place], children[place]
        if np.isinf(child):
            continue
        if child <= parent or np.isinf(parent):
            accepted[place] = True
        elif temperature > 0 and place != best:
            accepted[place] = draws[place] < (parent / child) ** (1 / temperature)
    return accepted
