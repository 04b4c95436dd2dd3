"""Rewriting graphs: a Relax function as a data structure, passes over it, and its way down to loops.

* ``walk``: the object graph by hand. ``visitors``: the same questions with ``PyExprVisitor``.
* ``programs``: small graphs to rewrite.
* ``multiply_add``, ``operator_fusion``: rewrites with ``PyExprMutator``. ``patterns``: both in the pattern language.
* ``dead_code``, ``constant_folding``, ``common_subexpressions``: dead code, constants, common subexpressions.
* ``lowering``: operators to tensor programs. ``loop_fusion``: one loop nest from a fused program.
* ``layout``: convolutions in another layout. ``passes``: all of it as module passes, and pipelines.
* ``traffic``: bytes of intermediate values, counted. ``exercise_inputs``: graphs for the exercises.
"""
