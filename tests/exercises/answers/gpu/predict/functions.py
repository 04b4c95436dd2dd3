# Functions of the sizes.
# earns: all
def requests(arrays, elements):
    return arrays * elements // 32


def blocks(n, side):
    return (n // side) ** 2


predicted = {}
predicted.update(add_requests=requests(2, 2**31), matmul_requests=requests(2, 4096**3))
predicted.update(copy_sectors=2**30 // 32 * (32 * 3 * 4 // 32), transpose_conflicts=requests(31, 16384**2))
predicted |= {"matmul_bytes": blocks(4096, 64) * 2 * 64 * 4096 * 4, "matmul_barriers": blocks(4096, 64) * 256 * 2}
