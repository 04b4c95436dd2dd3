# Filled in one by one.
# earns: all
predicted = {}
predicted["matmul_barriers"] = 64 * 64 * 256 * 2
predicted["matmul_bytes"] = 64 * 64 * 2 * 64 * 4096 * 4
predicted["matmul_requests"] = 2 * 4096**3 // 32
predicted["transpose_conflicts"] = (16384 // 32) ** 2 * 32 * 31
predicted["copy_sectors"] = 3 * 2**30 * 4 // 32
predicted["add_requests"] = 2**31 // 16
