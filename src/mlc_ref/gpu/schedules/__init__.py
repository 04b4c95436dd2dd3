"""GPU schedules, one module a program. Each function rewrites the ``Schedule`` it is given and returns it.

Start every function from a fresh ``tvm.s_tir.Schedule`` of the program named in its module.
"""
