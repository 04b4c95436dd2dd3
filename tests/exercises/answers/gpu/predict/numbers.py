# Plain numbers.
# earns: all
predicted = {"add_requests": 134217728, "copy_sectors": 402653184, "transpose_conflicts": 260046848, "matmul_requests": 4294967296, "matmul_bytes": 8589934592, "matmul_barriers": 2097152}
