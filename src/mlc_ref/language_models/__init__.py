"""A small language model from end to end: stories to learn from, the decoder, its caches, its weights, its words.

* ``words``, ``stories``, ``tokens``, ``examples``: stories of a grammar in two languages with exact answers and
  translations, as numbers, for training and for test.
* ``config``, ``numpy_model``, ``torch_model``: the decoder's sizes, in float64, and in PyTorch; ``from_torch``: imported.
* ``training``: how its weights are made (``make train``); ``weights``: those that ship.
* ``expressions``, ``programs``, ``caches``, ``relax_model``: the decoder in ``relax.frontend.nn``, for three caches.
* ``runners``, ``paging``: compiled decoders that write one text, or several in one pool of pages.
* ``packing``: weights laid out once as the products read them; ``profile``: calls and time of each kernel.
* ``sampling``: the next word from logits and given random numbers; ``generate``: answers, translations, and going on.
"""
