# The epilogue after a whole row.
# loses: epilogue
program = programs.batch_product_relu(4, 24, 32, 20)
batched = Schedule(program)
b, i, j, r = batched.get_loops("product")
j0, j1 = batched.split(j, factors=[None, 8])
batched.reorder(j0, r, j1)
batched.reverse_compute_at("relu", i)
batched.vectorize(batched.split(batched.get_loops("relu")[-1], factors=[None, 8])[1])
batched.parallel(b)
batched.vectorize(j1)
batched.decompose_reduction("product", r)
