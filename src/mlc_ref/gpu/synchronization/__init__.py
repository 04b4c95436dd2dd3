"""Kernels written with threads and barriers by hand: each right, and with one mistake.

TVM's lowering inserts the barriers that shared memory needs, which would repair some of them: run
them with that step switched off (``mlc_ref.gpu_sim``: ``Options(insert_barriers=False)``).
"""
