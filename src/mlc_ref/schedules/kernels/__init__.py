"""Kernels beyond matmul whose speed the course measures: convolution, softmax, layer normalization, peak.

* ``programs``: the programs without schedules.
* ``conv``: a register-tiled convolution with bias and ReLU.
* ``rows``: softmax and layer normalization, all steps of a few rows together.
* ``prefetch``: requests for memory ahead of need, put into a scheduled program.
* ``peak``: multiply-adds on registers and nothing else.
"""
