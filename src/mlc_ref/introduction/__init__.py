"""The introduction's one function, relu(x @ w + b), at every level of abstraction.

* ``digits``: images and a fitted layer; ``reference``: the float64 oracle and a loop program.
* ``programs``: the function as a graph, as a tensor program, and as one module of several abstractions.
* ``schedules``: the tensor program rewritten for a CPU and for a GPU.
* ``levels``: run each level, and cut readable excerpts out of generated code.
* ``grid``: run the text of a simple CUDA kernel on the CPU.
* ``counting``: floating-point operations and bytes by formula.
* ``self_checks``: small questions inside the first pages; ``first_errors``: show an error and go on.
* ``serve``: a program that runs the compiled function with nothing but the small runtime.
"""
