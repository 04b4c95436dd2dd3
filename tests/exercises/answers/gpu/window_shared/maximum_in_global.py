# The running maximum stays in global memory.
# loses: sectors
# says: register
window = Schedule(programs.window_max(1000, 9))
i, w = window.get_loops("slide")
block, thread = window.split(i, [None, 128])
window.bind(block, "blockIdx.x")
window.bind(thread, "threadIdx.x")
cooperative_fetch(window, window.cache_read("slide", 0, "shared"), block, {"threadIdx.x": 128})
