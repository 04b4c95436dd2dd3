# A list of rules, of which the first that has an opinion decides.
# earns: all
def accept(parents, children, temperature, draws):
    best = list(parents).index(min(parents))
    rules = [
        lambda place, parent, child, draw: False if math.isinf(child) else None,
        lambda place, parent, child, draw: True if math.isinf(parent) or child <= parent else None,
        lambda place, parent, child, draw: False if place == best or temperature == 0 else None,
        lambda place, parent, child, draw: bool(draw < (parent / child) ** (1 / temperature)),
    ]

    def decided(*case):
        return next(said for said in (rule(*case) for rule in rules) if said is not None)

    return [decided(*case) for case in zip(range(len(parents)), parents, children, draws)]
