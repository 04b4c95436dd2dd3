# One block of 1000 threads.
# loses: parallel
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, thread = window.split(i, [None, 1000])
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
result = window.cache_write("slide", 0, "local")
window.reverse_compute_at(result, thread)
window.decompose_reduction("slide", w)
tile = window.cache_read("slide_update", 1, "shared")
cooperative_fetch(window, tile, block, {"threadIdx.x": 1000})
