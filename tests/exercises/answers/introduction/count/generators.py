# One generator for each count.
# earns: all
def count(sizes, batch, item_bytes):
    layers = [(sizes[i], sizes[i + 1], i + 2 < len(sizes)) for i in range(len(sizes) - 1)]
    return dict(
        flops=sum(batch * m * (2 * k + 1 + relu) for k, m, relu in layers),
        parameter_bytes=item_bytes * sum((k + 1) * m for k, m, _ in layers),
        separate_bytes=item_bytes * sum(batch * k + k * m + 3 * batch * m + m + 2 * batch * m * relu for k, m, relu in layers),
        fused_bytes=item_bytes * sum(batch * (k + m) + (k + 1) * m for k, m, _ in layers),
    )
