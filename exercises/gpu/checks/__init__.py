"""Checks and points of the exercises on GPUs: kernels run in the simulator, whose counters are bounded."""
