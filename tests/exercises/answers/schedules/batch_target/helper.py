# A function vectorizes the innermost loop of a block.
# earns: all
def vector(sch, block):
    sch.vectorize(sch.get_loops(block)[-1])


batched = Schedule(programs.batch_product_relu(4, 24, 32, 20))
loops = batched.get_loops("product")
outer, inner = batched.split(loops[2], factors=[4, None])
batched.reorder(*loops[:2], outer, loops[3], inner)
vector(batched, "product")
batched.reverse_compute_at("relu", outer)
vector(batched, "relu")
batched.parallel(loops[0])
batched.decompose_reduction("product", loops[3])
