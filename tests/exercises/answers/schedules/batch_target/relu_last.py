# The product finished and decomposed first, relu moved last.
# earns: all
program = programs.batch_product_relu(4, 24, 32, 20)
batched = Schedule(program)
product = batched.get_sblock("product")
groups, eight = batched.split(batched.get_loops(product)[2], factors=[4, 8])
batched.reorder(batched.get_loops(product)[-1], eight)
batched.vectorize(eight)
batched.parallel(batched.get_loops(product)[0])
batched.decompose_reduction(product, batched.get_loops(product)[3])
batched.reverse_compute_at("relu", groups)
batched.vectorize(batched.get_loops("relu")[-1])
