"""GPU programs: threads, memory scopes, cooperation, and the ladder of a matrix multiplication.

* ``reference``: NumPy oracles.
* ``programs``: the programs in TVMScript, none of which mentions a thread.
* ``schedules``: one module a program; each function maps a ``Schedule`` to itself, rewritten for a GPU.
* ``synchronization``: kernels with explicit barriers, right and wrong, for finding races.
* ``codegen``: CUDA text, PTX, and the rules of DLight.
* ``execution``: simulate, compare with the oracle, run on a GPU where there is one.
* ``exercise_inputs``: the programs of the exercises.
"""
