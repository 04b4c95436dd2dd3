"""Tensor programs: the same function as oracle, as loops, and as TensorIR.

* ``reference``: NumPy oracles in float64.
* ``low_level``: the same functions with explicit allocation and explicit loops.
* ``programs``: the same functions in TVMScript, and programs that are wrong on purpose.
* ``generators``: programs made by Python: tensor expressions and TVMScript with captured shapes.
* ``axes``: what the blocks of a program say about their axes, and whether it is true.
* ``generated``: what the compiler makes of a program, and its complaints in short.
* ``memory``: where an element of a buffer lies, and arrays aligned for compiled code.
"""
