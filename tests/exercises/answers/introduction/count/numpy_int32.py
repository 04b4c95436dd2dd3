# Numbers that overflow at 32 bits.
# loses: flops,separate_bytes,fused_bytes
def count(sizes, batch, item_bytes):
    flops = parameters = separate = fused = 0
    layers = list(zip(sizes, sizes[1:]))
    for number, (k, m) in enumerate(layers, start=1):
        x, w, result = int(np.int32(batch * k & 0x7fffffff)), k * m, int(np.int32(batch * m & 0x7fffffff))
        flops += int(2 * batch * k * m) & 0x7fffffff + result
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
