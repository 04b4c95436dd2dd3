# All loops asked for again after each step.
# earns: all
repaired = sch = Schedule(programs.product_leaky(12, 40, 30))
sch.split(sch.get_loops("product")[1], factors=[None, 8])
i, j0, j1, r = sch.get_loops("product")
sch.reorder(r, j1)
sch.reverse_compute_at("leaky", sch.get_loops("product")[1])
sch.vectorize(sch.get_loops("product")[-1])
sch.parallel(sch.get_loops("product")[0])
sch.decompose_reduction("product", sch.get_loops("product")[2])
