# The columns cut into three, two of them fused again.
# earns: all
batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
b, i, j, r = batched.get_loops("product")
two, other, j1 = batched.split(j, factors=[2, 2, 8])
j0 = batched.fuse(two, other)
batched.reorder(r, j1)
batched.vectorize(j1)
batched.reverse_compute_at("relu", j0)
batched.vectorize(batched.get_loops("relu")[3])
batched.parallel(batched.get_loops("relu")[0])
batched.decompose_reduction("product", r)
