"""Tensor instructions: what they compute, how a program is brought to use one, on a toy and on real hardware.

* ``accelerator``: a toy accelerator in low-level NumPy.
* ``reference``: NumPy oracles.
* ``programs``: TVMScript: the programs, and each instruction's description and implementation.
* ``intrinsics``: registers the instructions with TVM.
* ``microkernel``: the toy's library in C and in LLVM IR, and how a program finds it.
* ``schedules``: ``toy``, ``int8`` (AVX-512 VNNI or portable) and ``tensor_core``.
* ``exercise_inputs``: what the exercises start from.
"""
