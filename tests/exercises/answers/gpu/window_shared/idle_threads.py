# Four blocks of 256 threads; eight of them compute, the rest idle.
# loses: sectors, parallel
# says: threads that compute
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, each, thread = window.split(i, [4, 128, None])
window.reorder(block, thread, each)
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
result = window.cache_write("slide", 0, "local")
window.reverse_compute_at(result, each)
window.decompose_reduction("slide", w)
tile = window.cache_read("slide_update", 1, "shared")
cooperative_fetch(window, tile, block, {"threadIdx.x": 2})
