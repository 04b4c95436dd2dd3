"""Answers to the exercise that bounds the traffic of a schedule."""

from tvm.s_tir import Schedule

from mlc_ref.schedules.exercise_inputs import programs


def product(m=48, n=56, k=40):
    return Schedule(programs.product(m, n, k))


def rows_inside():
    sch = product()
    _i, j, r = sch.get_loops("product")
    sch.reorder(r, j)
    return sch


def sum_outside():
    sch = product()
    i, _j, r = sch.get_loops("product")
    sch.reorder(r, i)
    return sch


def tiles(rows, columns, *, registers=None):
    sch = product()
    i, j, r = sch.get_loops("product")
    i0, i1 = sch.split(i, [None, rows])
    j0, j1 = sch.split(j, [None, columns])
    sch.reorder(i0, j0, r, i1, j1)
    if registers:
        sch.reverse_compute_at(sch.cache_write("product", 0, registers), j0)
    return sch


def everything_in_registers():
    sch = product()
    for operand in (0, 1):
        sch.cache_read("product", operand, "local")
    sch.cache_write("product", 0, "local")
    return sch


def another_layout():
    sch = tiles(16, 16)
    sch.transform_layout("product", ("write", 0), lambda i, j: (j, i))
    return sch
