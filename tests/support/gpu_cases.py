"""Small GPU kernels with what they compute, found without the simulator: by hand, by NumPy or by counting.

``CASES`` holds them by name. The tests of the simulator run each; the tests against the generated text
compile each as C++ and run that too.
"""

import gpu_cases_values  # noqa: F401  enters its kernels
import gpu_cases_vectors  # noqa: F401  enters its kernels
from gpu_case import CASES
from gpu_cases_memory import turned

__all__ = ["CASES", "turned"]
