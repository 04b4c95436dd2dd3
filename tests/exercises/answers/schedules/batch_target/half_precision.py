# The product in half precision.
# loses: numbers
program = programs.batch_product_relu(4, 24, 32, 20)
batched = Schedule(program)
batched.unsafe_set_dtype("product", 0, "float16")
b, i, j, r = batched.get_loops("product")
j0, j1 = batched.split(j, factors=[None, 8])
batched.reorder(j0, r, j1)
batched.reverse_compute_at("relu", j0)
batched.parallel(b)
batched.vectorize(j1)
batched.vectorize(batched.get_loops("relu")[-1])
batched.decompose_reduction("product", r)
