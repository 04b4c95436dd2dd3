"""Kernels beyond matmul whose speed the course measures: convolution, softmax, layer normalisation, peak.

* ``programs``: the programs without schedules.
* ``conv``: a register-tiled convolution with bias and ReLU.
* ``rows``: softmax and layer normalisation, all steps of a few rows together.
* ``peak``: multiply-adds on registers and nothing else.
"""
