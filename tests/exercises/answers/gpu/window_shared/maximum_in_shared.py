# The running maximum stands in shared memory too.
# earns: all
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, thread = window.split(i, [None, 128])
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
window.reverse_compute_at(window.cache_write("slide", 0, "shared"), thread)
window.decompose_reduction("slide", w)
cooperative_fetch(window, window.cache_read("slide_update", 1, "shared"), block, {"threadIdx.x": 128})
