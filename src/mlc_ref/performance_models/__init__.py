"""Performance models: say how fast a program will be before it runs.

* ``counting``: bytes and operations from the IR, of a program at any size and of every call of a graph.
* ``executed``: which statements run, and how often; ``counting`` and ``core_time`` ask it.
* ``machine``: a machine as the models see it, which a reader may change; ``laws``: Little's and Amdahl's.
* ``measuring``: this machine's figures, from programs of the course; ``programs`` holds them.
* ``core_time``: what the instructions take; ``predicting``: that and what the caches move, as one time.
* ``compared``: the matmul ladder and the row kernels, predicted and measured, with the record that is shipped.
* ``blindness``: pairs of programs that a model of caches takes for equal, and a clock does not.
* ``decode``: bytes and operations of one token of a decoder, and of a prompt.
* ``pictures``: figures of all these.
* The cache model with levels, sets and reuse distances is ``mlc_ref.cache_model``.
"""
