# Operator by operator: what it reads, writes and does.
# earns: all
def count(sizes, batch, item_bytes):
    operators = []
    for n in range(1, len(sizes)):
        k, m = sizes[n - 1 : n + 1]
        operators += [(batch * k + k * m, batch * m, 2 * batch * k * m), (batch * m + m, batch * m, batch * m)]
        if n + 1 != len(sizes):
            operators.append((batch * m, batch * m, batch * m))
    pairs = [(sizes[n], sizes[n + 1]) for n in range(len(sizes) - 1)]
    parameters = sum(k * m + m for k, m in pairs)
    return {
        "flops": sum(work for _, _, work in operators),
        "parameter_bytes": parameters * item_bytes,
        "separate_bytes": sum(read + written for read, written, _ in operators) * item_bytes,
        "fused_bytes": (parameters + batch * (sum(sizes[:-1]) + sum(sizes[1:]))) * item_bytes,
    }
