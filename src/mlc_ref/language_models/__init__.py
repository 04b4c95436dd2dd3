"""A small language model from end to end: its stories, its training, its graph, its caches, its sampling, its profile.

* ``words``, ``stories``, ``tokens``, ``examples``: stories of a grammar in two languages with exact answers and
  translations, as numbers, for training and for test.
* ``sampling``: the next word from logits and given random numbers.
"""
