"""Convolutions with the channels last (NHWC), by ``ConvertLayout``.

A layout is a property of a whole graph: the pass rewrites the convolutions, pushes the new layout
through the operators that do not mind, and puts a ``permute_dims`` where the old one is needed.
"""

import tvm
from tvm.relax.transform import ConvertLayout


def channels_last(mod: tvm.IRModule) -> tvm.IRModule:
    """The module with every ``relax.nn.conv2d`` on NHWC data and OHWI filters.

    Parameters and results of its functions keep their layout.
    """
    return ConvertLayout({"relax.nn.conv2d": ["NHWC", "OHWI"]})(mod)
