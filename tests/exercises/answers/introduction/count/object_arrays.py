# NumPy with Python's own integers.
# earns: all
def count(sizes, batch, item_bytes):
    n = np.array([int(size) for size in sizes], dtype=object)
    k, m = n[:-1], n[1:]
    relu = batch * sum(m[:-1])
    return dict(
        flops=int(sum(batch * m * (2 * k + 1)) + relu),
        parameter_bytes=int(sum((k + 1) * m)) * item_bytes,
        separate_bytes=int(sum(batch * k + k * m + m + 3 * batch * m) + 2 * relu) * item_bytes,
        fused_bytes=int(sum(batch * (k + m) + (k + 1) * m)) * item_bytes,
    )
