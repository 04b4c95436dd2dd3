# ReLU is counted everywhere and taken back for the last layer.
# earns: all
def count(sizes, batch, item_bytes):
    flops = parameters = separate = fused = 0
    for k, m in zip(sizes[:-1], sizes[1:]):
        flops += batch * m * (2 * k + 2)
        parameters += (k + 1) * m
        separate += batch * k + k * m + m + 5 * batch * m
        fused += batch * k + (k + 1) * m + batch * m
    if len(sizes) > 1:
        flops -= batch * sizes[-1]
        separate -= 2 * batch * sizes[-1]
    return {"flops": flops, "parameter_bytes": parameters * item_bytes,
            "separate_bytes": separate * item_bytes, "fused_bytes": fused * item_bytes}
