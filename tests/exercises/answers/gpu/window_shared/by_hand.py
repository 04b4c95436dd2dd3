# The fetch written out.
# earns: all
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, thread = window.split(i, [None, 128])
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
result = window.cache_write("slide", 0, "local")
window.reverse_compute_at(result, thread)
window.decompose_reduction("slide", w)
tile = window.cache_read("slide_update", 1, "shared")
window.compute_at(tile, block)
_, lane = window.split(window.get_loops(tile)[-1], [None, 128])
window.bind(lane, "threadIdx.x")
