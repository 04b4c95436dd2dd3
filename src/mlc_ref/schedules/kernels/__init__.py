"""Kernels beyond matmul whose speed the course measures: convolution, softmax, layer normalisation, peak."""
