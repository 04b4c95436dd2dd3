# Threads on two axes.
# earns: all
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, row, lane = window.split(i, [None, 4, 32])
for loop, axis in ((block, "blockIdx.x"), (row, "threadIdx.y"), (lane, "threadIdx.x")):
    window.bind(loop, axis)
window.reverse_compute_at(window.cache_write("slide", 0, "local"), lane)
window.decompose_reduction("slide", w)
cooperative_fetch(window, window.cache_read("slide_update", 1, "shared"), block, {"threadIdx.y": 4, "threadIdx.x": 32})
