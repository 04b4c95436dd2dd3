# Shared memory before the register.
# earns: all
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, thread = window.split(i, [None, 200])
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
tile = window.cache_read("slide", 0, "shared")
result = window.cache_write("slide", 0, "local")
window.reverse_compute_at(result, thread)
cooperative_fetch(window, tile, block, {"threadIdx.x": 200})
window.decompose_reduction("slide", w)
