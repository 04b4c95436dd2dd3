# Another kind of dict, in another order.
# earns: all
from collections import OrderedDict

warps = 4096 * 4096 // 32
predicted = OrderedDict(matmul_barriers=(4096 // 16) * 2 * 64 * 64)
predicted["matmul_bytes"] = 2 * 4 * 4096**2 * (4096 // 64)
predicted["matmul_requests"] = warps * 4096 * 2
predicted["transpose_conflicts"] = sum(31 for _ in range(32)) * (16384 // 32) ** 2
predicted["copy_sectors"] = (2**30 >> 5) * 12
predicted["add_requests"] = 1 << 27
