# The product moves into the parallel loops of relu, with loops of one iteration.
# earns: all
batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
b, i, j = batched.get_loops("relu")
j0, j1 = batched.split(j, factors=[4, 8])
batched.parallel(b)
batched.compute_at("product", j0, preserve_unit_loops=True)
*_, eight, term = batched.get_loops("product")
batched.reorder(term, eight)
batched.vectorize(eight)
batched.vectorize(j1)
batched.decompose_reduction(batched.get_sblock("product"), term)
