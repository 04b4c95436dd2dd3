# The colleague's function, repaired.
# earns: all
def schedule(program):
    sch = Schedule(program)
    i, j, r = sch.get_loops("product")
    sch.parallel(i)
    j0, j1 = sch.split(j, factors=[None, 8])
    sch.reorder(j0, r, j1)
    sch.vectorize(j1)
    sch.reverse_compute_at("leaky", j0)
    sch.decompose_reduction("product", r)
    return sch


repaired = schedule(programs.product_leaky(12, 40, 30))
