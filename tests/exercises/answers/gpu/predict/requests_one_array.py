# Wrong: add_requests: 2**31 // 32
# loses: add_requests
predicted = {
    "add_requests": None,
    "copy_sectors": None,
    "transpose_conflicts": None,
    "matmul_requests": None,
    "matmul_bytes": None,
    "matmul_barriers": None,
}
tiles = (4096 // 64) ** 2
predicted = {
    "add_requests": 2**31 // 32,
    "copy_sectors": 2**30 // 32 * 12,
    "transpose_conflicts": 16384**2 // 32 * 31,
    "matmul_requests": 4096**2 // 32 * 4096 * 2,
    "matmul_bytes": tiles * 2 * 64 * 4096 * 4,
    "matmul_barriers": tiles * (4096 // 16) * 2,
}
