# The batch cut and fused again.
# earns: all
batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
b, i, j, r = batched.get_loops("product")
b = batched.fuse(*batched.split(b, factors=[2, 2]))
j0, j1 = batched.split(j, factors=[None, 8])
batched.reorder(j0, r, j1)
batched.reverse_compute_at("relu", j0)
batched.vectorize(batched.get_loops("relu")[-1])
batched.vectorize(j1)
batched.parallel(b)
batched.decompose_reduction("product", r)
