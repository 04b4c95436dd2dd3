"""Into the compiler: tensor expressions, the block builder, and PyTorch's exported programs.

* ``tensor_expressions``: shape-generic tensor functions, and tensor programs made of them.
* ``builder``: graphs built call by call with ``BlockBuilder``, and legalization of their operators.
* ``importer``: a small importer for exported PyTorch programs; ``operators``: its operator table;
  ``unsupported``: what it says about operators that are not in the table.
* ``plain_graphs``: a network's graph as plain data, as model files hold it.
* ``networks``: PyTorch networks to import; ``compare``: both importers against PyTorch.
"""

import warnings

# PyTorch warns of a check of its own whenever an exported program is copied: by TVM's importer, by ours, by the comparison.
warnings.filterwarnings("ignore", r".*isinstance\(treespec, LeafSpec\)", FutureWarning)
