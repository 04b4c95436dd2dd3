# Sums of arrays of 64-bit integers.
# earns: all
def count(sizes, batch, item_bytes):
    n = np.array(sizes, dtype="int64")
    k, m = n[:-1], n[1:]
    y, relu = batch * m, batch * m[:-1]
    return {
        "flops": int(np.sum(2 * y * k + y) + np.sum(relu)),
        "parameter_bytes": int(np.sum(k * m + m)) * item_bytes,
        "separate_bytes": int(np.sum(batch * k + k * m + 3 * y + m) + 2 * np.sum(relu)) * item_bytes,
        "fused_bytes": int(np.sum(batch * k + k * m + m + y)) * item_bytes,
    }
