# One expression of and and or for each place.
# earns: all
def accept(parents, children, temperature, draws):
    best = min(range(len(parents)), key=lambda place: parents[place])
    return [
        bool(
            child != math.inf
            and (
                child <= parent
                or (place != best and temperature != 0 and draw < math.pow(parent / child, 1 / temperature))
            )
        )
        for place, (parent, child, draw) in enumerate(zip(parents.tolist(), children.tolist(), draws.tolist()))
    ]
