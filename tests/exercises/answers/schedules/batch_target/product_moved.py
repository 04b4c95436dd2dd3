# The product moved into the loops of relu, which were cut first.
# earns: all
program = programs.batch_product_relu(4, 24, 32, 20)
batched = Schedule(program)
b, i, j = batched.get_loops("relu")
j0, j1 = batched.split(j, factors=[None, 8])
batched.compute_at("product", j0)
eight, terms = batched.get_loops("product")[-2:]
batched.reorder(terms, eight)
batched.vectorize(eight)
batched.vectorize(j1)
batched.parallel(b)
batched.decompose_reduction("product", terms)
