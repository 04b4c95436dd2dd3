"""Schedules: checked rewrites of a program that keep what it computes.

* ``programs``: the programs that are transformed.
* ``primitives``: one small schedule for each primitive, loop nest before and after.
* ``ladder``: versions of matmul from naive to near the machine's peak, each one idea past the last.
* ``tiles``: tile sizes computed from the registers and caches of the target.
* ``traces``: a schedule saved as JSON and replayed on a fresh module.
* ``pictures``: what the figures and tables of the chapter are computed from.
* ``exercise_inputs``: the programs of the exercises.
"""
