"""A copy of a schedule, worked on further."""
# expects: axis=2 double=4 scale=3 split=3
# %% split-answer
import tvm

sch = tvm.s_tir.Schedule(scale).copy()
sch.split(sch.get_loops(sch.get_sblock("B"))[0], [15, None])
