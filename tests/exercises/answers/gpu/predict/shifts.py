# Shifts and products.
# earns: all
n = 4096
blocks = (n // 64) * (n // 64)
predicted = dict(
    add_requests=2 << 26,
    copy_sectors=12 * (1 << 25),
    transpose_conflicts=31 * 16384 * 512,
    matmul_requests=2 * n * (n * n // 32),
    matmul_bytes=blocks * n * 128 * 4,
    matmul_barriers=2 * blocks * 256,
)
