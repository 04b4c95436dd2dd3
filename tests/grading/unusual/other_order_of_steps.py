"""The wished loops by a detour: split, fuse, split again, with sampling on the way."""
# expects: axis=2 double=4 scale=3 split=3
# %% split-answer
import tvm

sch = tvm.s_tir.Schedule(scale)
block = sch.get_sblock("B")
(loop,) = sch.get_loops(block)
outer, inner = sch.split(loop, [4, 15])
again = sch.fuse(outer, inner)
first, second = sch.split(again, [None, 4])
sch.annotate(first, "pragma_auto_unroll_max_step", 4)
