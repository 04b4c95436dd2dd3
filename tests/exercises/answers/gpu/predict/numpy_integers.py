# Integers of NumPy.
# earns: all
import numpy as np

predicted = {
    "add_requests": np.int64(2) ** 27,
    "copy_sectors": np.int64(2**30) // 32 * 12,
    "transpose_conflicts": np.int64(16384) ** 2 // 32 * 31,
    "matmul_requests": np.int64(2) ** 32,
    "matmul_bytes": np.int64(2) ** 33,
    "matmul_barriers": np.int64(2) ** 21,
}
