"""Performance models: say how fast a program will be before it runs.

* ``counting``: bytes and operations from the IR, of a program at any size and of every call of a graph.
* ``executed``: which statements run, and how often; ``counting`` and ``core_time`` ask it.
* ``machine``: a machine as the models see it, which a reader may change; ``laws``: Little's and Amdahl's.
* ``measuring``: this machine's figures, from programs of the course; ``programs`` holds them.
* The cache model with levels, sets and reuse distances is ``mlc_ref.cache_model``.
"""
