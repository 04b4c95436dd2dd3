# The space is given to a generator of TVM's tuner, which draws from it.
# earns: all
from tvm.s_tir import meta_schedule


def space(sch):
    loops = dict(zip("ijk", sch.get_loops(sch.get_sblock("Y"))))
    parts = {
        "i": sch.sample_perfect_tile(loops["i"], 2, 6),
        "j": sch.sample_perfect_tile(loops["j"], 3, 16),
        "k": [None, sch.sample_categorical([1, 2, 3, 4], [0.25] * 4)],
    }
    cut = {name + str(place): loop for name in "ijk" for place, loop in enumerate(sch.split(loops[name], parts[name]))}
    sch.reorder(*(cut[name] for name in "i0 j0 j1 k0 k1 i1 j2".split()))
    sch.parallel(cut["i0"])
    sch.unroll(cut["k1"])
    sch.vectorize(cut["j2"])


program = exercise_inputs.scores_program()
context = meta_schedule.TuneContext(mod=program, target=tvm.target.Target({"kind": "llvm", "num-cores": 1}), rand_state=1)
generator = meta_schedule.space_generator.ScheduleFn(space)
generator._initialize_with_tune_context(context)
(scores,) = generator.generate_design_space(program)
