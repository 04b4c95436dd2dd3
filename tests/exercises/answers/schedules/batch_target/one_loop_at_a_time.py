# Only the sum is moved; the epilogue keeps loops of one iteration.
# earns: all
batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
batch, row, column, term = batched.get_loops("product")
batched.parallel(batch)
groups, lanes = batched.split(column, factors=[None, 8])
batched.reorder(term, lanes)
batched.vectorize(lanes)
batched.reverse_compute_at(batched.get_sblock("relu"), groups, preserve_unit_loops=True)
batched.vectorize(batched.get_loops("relu")[-1])
batched.decompose_reduction("product", term)
