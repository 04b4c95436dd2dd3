# The marks are set in a loop over both blocks.
# earns: all
batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
b, i, j, r = batched.get_loops("product")
j0, j1 = batched.split(j, [4, 8])
batched.reorder(b, i, j0, r, j1)
batched.reverse_compute_at("relu", j0)
for block in ("product", "relu"):
    batched.vectorize(batched.get_loops(block)[-1])
batched.parallel(batched.get_loops("relu")[0])
batched.decompose_reduction("product", batched.get_loops("product")[3])
