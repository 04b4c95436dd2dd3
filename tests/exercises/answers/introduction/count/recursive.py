# The first layer and the rest of the network.
# earns: all
def count(sizes, batch, item_bytes):
    keys = ["flops", "parameter_bytes", "separate_bytes", "fused_bytes"]
    if len(sizes) < 2:
        return dict.fromkeys(keys, 0)
    k, m, *_ = sizes
    rest = count(sizes[1:], batch, item_bytes)
    relu = batch * m if len(sizes) > 2 else 0
    x, w, y = batch * k, k * m, batch * m
    mine = [2 * x * m + y + relu, (w + m) * item_bytes, (x + w + 3 * y + m + 2 * relu) * item_bytes, (x + w + m + y) * item_bytes]
    return {key: rest[key] + value for key, value in zip(keys, mine)}
