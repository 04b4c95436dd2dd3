# Rules as arrays, joined by numpy.select.
# earns: all
def accept(parents, children, temperature, draws):
    never = np.isinf(children)
    always = children <= parents
    kept = np.arange(parents.size) == parents.argmin()
    ratio = np.divide(parents, children, out=np.ones_like(parents), where=~never & np.isfinite(parents) & (children > 0))
    chance = np.zeros_like(ratio) if temperature == 0 else np.power(np.minimum(ratio, 1.0), 1.0 / temperature)
    return np.select([never, always, kept], [False, True, False], default=draws < chance).tolist()
