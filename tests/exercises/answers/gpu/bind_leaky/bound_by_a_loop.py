# A dictionary of axes and a function; blocks lie on the y axis.
# earns: all
bound = Schedule(programs.leaky(37, 50))


def bind_all(sch, axes):
    for axis, loop in axes.items():
        sch.bind(loop, axis)


everything = bound.fuse(*bound.get_loops("leaky"))
outer, inner = bound.split(everything, [None, 192])
bind_all(bound, {"blockIdx.y": outer, "threadIdx.x": inner})
