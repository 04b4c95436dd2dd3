# The trace is written down as JSON and applied; no step of the schedule is called.
# earns: all
from tvm.s_tir.schedule import Trace

STEPS = [
    ["GetSBlock", [], ["Y", "main"], ["b0"]],
    ["GetLoops", ["b0"], [], ["i", "j", "k"]],
    ["SamplePerfectTile", ["i"], [2, 6], ["ti0", "ti1"]],
    ["Split", ["i", "ti0", "ti1"], [1, 0], ["i0", "i1"]],
    ["SamplePerfectTile", ["j"], [3, 16], ["tj0", "tj1", "tj2"]],
    ["Split", ["j", "tj0", "tj1", "tj2"], [1, 0], ["j0", "j1", "j2"]],
    ["SampleCategorical", [], [[1, 2, 3, 4], [0.25, 0.25, 0.25, 0.25]], ["tk"]],
    ["Split", ["k", None, "tk"], [1, 0], ["k0", "k1"]],
    ["Reorder", ["i0", "j0", "j1", "k0", "k1", "i1", "j2"], [], []],
    ["Parallel", ["i0"], [], []],
    ["Unroll", ["k1"], [], []],
    ["Vectorize", ["j2"], [], []],
]

scores = Schedule(exercise_inputs.scores_program())
Trace.apply_json_to_schedule([STEPS, []], scores)
