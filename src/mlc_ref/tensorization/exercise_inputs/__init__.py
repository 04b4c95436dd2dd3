"""What the exercises on tensorization start from: programs, two instructions and a micro-kernel.

* ``programs``: the modules to schedule, and descriptions and implementations of instructions.
* ``kernels``: a micro-kernel in C and in LLVM IR, and the names of the instructions.
"""
