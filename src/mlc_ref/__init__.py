"""Reference package of the Machine Learning Compilation course: the code the chapters explain.

Importing this package is cheap: TVM and PyTorch are imported by the modules that need them.
"""

from mlc_ref.frames import remember_modules_of_frames

__version__ = "0.1.0"

remember_modules_of_frames()
