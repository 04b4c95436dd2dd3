"""End-to-end execution: a digits classifier as a graph of tensor functions.

* ``data``: the digits and how they are split. ``train``: the two networks in PyTorch, and the
  command that trains them. ``weights``: the trained parameters, without PyTorch.
* ``reference``: both networks in NumPy, float64. ``low_level``: the MLP in NumPy with explicit
  loops and allocation.
* ``programs``: the networks as TVMScript modules. ``libraries``: library functions that such a
  module calls by name. ``destination_passing``: ``call_tir`` and its relatives as Python functions.
* ``models``: modules assembled in Python, and parameters bound into them. ``deploy``: compile, run,
  export, load, and read the virtual machine's instructions.
* ``graph``: who is called in a graph. ``refusals``: graphs TVM does not accept, and why.
* ``memory``: what a graph allocates, before and after memory planning. ``lifetimes``: when each tensor
  is alive. ``pictures``: a graph and its memory plan, drawn. ``exercise_inputs``: material of the exercises.
"""
