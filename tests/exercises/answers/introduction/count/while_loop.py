# Counted down in a while loop.
# earns: all
def count(sizes, batch, item_bytes):
    flops = parameters = separate = fused = 0
    sizes = tuple(sizes)
    layers = list(zip(sizes, sizes[1:]))
    for number, (k, m) in enumerate(layers, start=1):
        x, w, result = batch * k, k * m, batch * m
        flops += 2 * batch * k * m + result
        parameters += w + m
        separate += (x + w + result) + (result + m + result)
        fused += x + w + m + result
        if number < len(layers):
            flops += result
            separate += result + result
    return {
        "flops": flops,
        "parameter_bytes": parameters * item_bytes,
        "separate_bytes": separate * item_bytes,
        "fused_bytes": fused * item_bytes,
    }
