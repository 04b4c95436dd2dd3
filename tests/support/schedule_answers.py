"""Answers to the exercises on schedules: right ones of several kinds, and wrong ones with the points they deserve."""

from traffic_answers import another_layout, everything_in_registers, product, rows_inside, sum_outside, tiles
from tvm.s_tir import Schedule

from mlc_ref.schedules.exercise_inputs import programs


def square_plus():
    return Schedule(programs.square_plus(12, 96))


# Mark the loops.


def marks_fused():
    sch = square_plus()
    fused = sch.fuse(*sch.get_loops("square"))
    outer, copies, lanes = sch.split(fused, [None, 4, 8])
    sch.vectorize(lanes)
    sch.unroll(copies)
    sch.parallel(outer)
    return sch


def marks(lanes=8, copies=4, *, unroll=True, inner=False):
    sch = square_plus()
    i, j = sch.get_loops("square")
    j, middle, last = sch.split(j, [None, copies, lanes])
    sch.parallel(j if inner else i)
    if unroll:
        sch.unroll(middle)
    sch.vectorize(last)
    return sch


def marks_with_a_copy():
    """The row is copied into registers first; the loops asked for are those of ``square``."""
    sch = square_plus()
    i, j = sch.get_loops("square")
    copy = sch.cache_read("square", 0, "local")
    groups, middle, last = sch.split(j, [3, 4, 8])
    sch.compute_at(copy, groups)
    sch.parallel(i)
    sch.unroll(middle)
    sch.vectorize(last)
    return sch


def marks_down_a_column():
    sch = square_plus()
    i, j = sch.get_loops("square")
    j, middle = sch.split(j, [None, 4])
    i, last = sch.split(i, [None, 4])
    sch.reorder(j, i, middle, last)
    sch.parallel(j)
    sch.unroll(middle)
    sch.vectorize(last)
    return sch


# A given loop nest.


def nest_step_by_step():
    sch = product(24, 36, 20)
    i, j, r = sch.get_loops("product")
    j0, j1 = sch.split(j, [4, 9])
    sch.reorder(r, j1)
    _i0, i1 = sch.split(i, [6, 4])
    sch.reorder(j0, r, i1, j1)
    return sch


def nest_with_unit_loop():
    sch = product(24, 36, 20)
    i, j, r = sch.get_loops("product")
    i0, i1 = sch.split(i, [None, 4])
    one, j0, j1 = sch.split(j, [1, 4, 9])
    sch.reorder(i0, one, j0, r, i1, j1)
    return sch


def nest_by_fusing_back():
    sch = product(24, 36, 20)
    i, j, r = sch.get_loops("product")
    sch.reorder(j, i)
    halves, two = sch.split(i, [None, 2])
    i0, rest = sch.split(halves, [6, 2])
    i1 = sch.fuse(rest, two)
    j0, j1 = sch.split(j, [4, None])
    sch.reorder(i0, j0, r, i1, j1)
    sch.decompose_reduction("product", r)
    return sch


def nest(i_factors, j_factors, order):
    sch = product(24, 36, 20)
    i, j, r = sch.get_loops("product")
    loops = [*sch.split(i, i_factors), *sch.split(j, j_factors), r]
    sch.reorder(*(loops[position] for position in order))
    return sch


# Fuse the epilogue.


def clip(at=1, *, decompose=True, producer=False, cached=False):
    sch = Schedule(programs.product_clip(20, 24, 18))
    if producer:
        sch.compute_at("product", sch.get_loops("clip")[at])
    elif cached:
        copy = sch.cache_write("product", 0, "local")
        sch.reverse_compute_at(copy, sch.get_loops("product")[at])
    else:
        sch.reverse_compute_at("clip", sch.get_loops("product")[at])
    if decompose:
        sch.decompose_reduction("product", sch.get_loops("product")[-1])
    return sch


def clip_with_rows_in_groups_of_seven():
    """7 does not divide 20: a predicate keeps the epilogue from running for the rows that are not there."""
    sch = Schedule(programs.product_clip(20, 24, 18))
    i, j, r = sch.get_loops("product")
    i0, i1 = sch.split(i, [None, 7])
    sch.reorder(i0, j, i1, r)
    sch.reverse_compute_at("clip", i1)
    sch.decompose_reduction("product", r)
    return sch


def clip_in_the_copy():
    """The epilogue is inlined into the copy out of registers."""
    sch = Schedule(programs.product_clip(20, 24, 18))
    copy = sch.cache_write("product", 0, "local")
    sch.reverse_compute_inline("clip")
    i, j, r = sch.get_loops("product")
    j0, j1 = sch.split(j, [3, 8])
    sch.reorder(i, j0, r, j1)
    sch.reverse_compute_at(copy, j0)
    sch.decompose_reduction("product", r)
    return sch


# Batched product.


def batch_in_the_copy():
    sch = Schedule(programs.batch_product_relu(4, 24, 32, 20))
    copy = sch.cache_write("product", 0, "local")
    sch.reverse_compute_inline("relu")
    b, _i, j, r = sch.get_loops("product")
    j0, j1 = sch.split(j, [4, 8])
    sch.reorder(j0, r, j1)
    sch.reverse_compute_at(copy, j0)
    for loop in (sch.get_loops(copy)[-1], j1):
        sch.vectorize(loop)
    sch.parallel(b)
    sch.decompose_reduction("product", r)
    return sch


def batch_from_the_consumer():
    sch = Schedule(programs.batch_product_relu(4, 24, 32, 20))
    b, _i, j = sch.get_loops("relu")
    j0, j1 = sch.split(j, [4, 8])
    sch.vectorize(j1)
    sch.parallel(b)
    sch.compute_at("product", j0)
    j1, r = sch.get_loops("product")[-2:]
    sch.reorder(r, j1)
    sch.vectorize(j1)
    sch.decompose_reduction("product", r)
    return sch


def batch(lanes=8, *, epilogue=True, vector_epilogue=True, start_at_r=True, parallel=True):
    sch = Schedule(programs.batch_product_relu(4, 24, 32, 20))
    b, _i, j, r = sch.get_loops("product")
    j0, j1 = sch.split(j, [None, lanes])
    sch.reorder(j0, r, j1)
    if epilogue:
        sch.reverse_compute_at("relu", j0)
    if parallel:
        sch.parallel(b)
    sch.vectorize(j1)
    sch.decompose_reduction("product", r if start_at_r else j0)
    if vector_epilogue:
        sch.vectorize(sch.get_loops("relu")[-1])
    return sch


# A broken schedule.


def leaky(order=(0, 2, 1), *, at=0, decompose=2, vector=True):
    """The colleague's steps: order of j0, j1, r; the epilogue at j0 (0), j1 (1) or r (2)."""
    sch = Schedule(programs.product_leaky(12, 40, 30))
    i, j, r = sch.get_loops("product")
    sch.parallel(i)
    loops = [*sch.split(j, [None, 8]), r]
    sch.reorder(*(loops[position] for position in order))
    if vector:
        sch.vectorize(loops[1])
    sch.reverse_compute_at("leaky", i if at is None else loops[at])
    if decompose is not None:
        sch.decompose_reduction("product", loops[decompose])
    return sch


def leaky_from_the_consumer():
    sch = Schedule(programs.product_leaky(12, 40, 30))
    i, j = sch.get_loops("leaky")
    j0, j1 = sch.split(j, [5, 8])
    sch.compute_at("product", j0)
    sch.parallel(i)
    j1, r = sch.get_loops("product")[-2:]
    sch.reorder(r, j1)
    sch.vectorize(j1)
    sch.decompose_reduction("product", r)
    return sch


# A sum in two stages.


def stages(factors, *, parallel=True):
    sch = Schedule(programs.squares(1003))
    part, _rest = sch.split(sch.get_loops("squares")[0], factors)
    first = sch.rfactor(part, 0)
    if parallel:
        sch.parallel(sch.get_loops(first)[0])
    return sch


def stages_interleaved():
    sch = Schedule(programs.squares(1003))
    _rest, part = sch.split(sch.get_loops("squares")[0], [None, 8])
    first = sch.rfactor(part, 0)
    rest, part = sch.get_loops(first)
    sch.reorder(part, rest)
    sch.parallel(part)
    sch.decompose_reduction(first, rest)
    return sch


RIGHT = [
    ("mark_loops", marks()),
    ("mark_loops", marks_fused()),
    ("given_nest", nest_step_by_step()),
    ("given_nest", nest_with_unit_loop()),
    ("given_nest", nest_by_fusing_back()),
    ("fuse_epilogue", clip(0)),
    ("fuse_epilogue", clip(1)),
    ("fuse_epilogue", clip(1, producer=True)),
    ("fuse_epilogue", clip_in_the_copy()),
    ("fuse_epilogue", clip_with_rows_in_groups_of_seven()),
    ("batch_target", batch()),
    ("batch_target", batch_from_the_consumer()),
    ("batch_target", batch_in_the_copy()),
    ("repair_schedule", leaky()),
    ("repair_schedule", leaky_from_the_consumer()),
    ("two_stages", stages([8, None])),
    ("two_stages", stages_interleaved()),
    ("traffic_bound", tiles(8, 16)),
    ("traffic_bound", tiles(12, 16, registers="local")),
]
WRONG = [
    ("mark_loops", square_plus(), [0, 0, 0, 1]),
    ("mark_loops", marks_with_a_copy(), [1, 0, 0, 1]),
    ("mark_loops", marks(lanes=4), [1, 0, 1, 1]),
    ("mark_loops", marks(unroll=False), [1, 1, 0, 1]),
    ("mark_loops", marks(copies=3), [1, 1, 0, 1]),
    ("mark_loops", marks(inner=True), [0, 1, 1, 1]),
    ("mark_loops", marks_down_a_column(), [1, 0, 1, 1]),
    ("given_nest", product(24, 36, 20), [0, 0, 1]),
    ("given_nest", nest([4, None], [None, 9], (0, 2, 4, 1, 3)), [0, 0, 1]),
    ("given_nest", nest([None, 4], [None, 9], (0, 1, 2, 3, 4)), [2, 0, 1]),
    ("given_nest", nest([None, 4], [None, 9], (0, 2, 1, 3, 4)), [2, 0, 1]),
    ("fuse_epilogue", Schedule(programs.product_clip(20, 24, 18)), [0, 0, 0, 1]),
    ("fuse_epilogue", clip(2, decompose=False), [0, 2, 0, 1]),
    ("fuse_epilogue", clip(1, decompose=False), [2, 2, 0, 1]),
    ("fuse_epilogue", clip(1, cached=True), [0, 0, 1, 1]),
    ("batch_target", Schedule(programs.batch_product_relu(4, 24, 32, 20)), [0, 0, 0, 1]),
    ("batch_target", batch(lanes=4), [0, 0, 0, 1]),
    ("batch_target", batch(vector_epilogue=False), [2, 1, 0, 1]),
    ("batch_target", batch(start_at_r=False), [2, 0, 2, 1]),
    ("batch_target", batch(epilogue=False, vector_epilogue=False), [2, 1, 0, 1]),
    ("batch_target", batch(parallel=False), [0, 0, 0, 1]),
    ("repair_schedule", leaky(at=2, decompose=None), [2, 0, 0, 1]),
    ("repair_schedule", leaky(at=None), [2, 1, 0, 1]),
    ("repair_schedule", leaky((2, 0, 1), at=0), [0, 0, 0, 1]),
    ("repair_schedule", leaky(vector=False), [0, 1, 2, 1]),
    ("two_stages", Schedule(programs.squares(1003)), [0, 0, 1]),
    ("two_stages", stages([8, None], parallel=False), [2, 0, 1]),
    ("two_stages", stages([7, None]), [0, 0, 1]),
    ("two_stages", stages([None, 8]), [0, 0, 1]),
    ("traffic_bound", product(), [0, 0, 1]),
    ("traffic_bound", sum_outside(), [0, 0, 1]),
    ("traffic_bound", rows_inside(), [2, 0, 1]),
    ("traffic_bound", tiles(32, 56), [0, 0, 1]),
    ("traffic_bound", everything_in_registers(), [0, 0, 1]),
    ("traffic_bound", tiles(24, 28, registers="local"), [0, 0, 1]),
    ("traffic_bound", another_layout(), [0, 0, 0]),
]
