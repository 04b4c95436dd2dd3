# Floating-point numbers, made integers at the end.
# earns: all
import math

numbers = [2**31 / 16, 2**30 * 3 / 8, 16384**2 / 32 * 31, 4096**3 / 16, 64**3 * 8 * 4096, 64**2 * 512]
names = "add_requests copy_sectors transpose_conflicts matmul_requests matmul_bytes matmul_barriers".split()
predicted = {name: math.floor(number) for name, number in zip(names, numbers)}
