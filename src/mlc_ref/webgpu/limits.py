"""What every WebGPU device grants, and the target whose code keeps to it."""

from functools import cache
from typing import TYPE_CHECKING

from mlc_ref.language import TextError, for_print
from mlc_ref.targets import cpu_target

if TYPE_CHECKING:
    import tvm


class Unsupported(TextError, ValueError):
    """A program that cannot become an artefact; the message names the construct and what is allowed.

    ``str`` gives it in the reader's language, whatever ``language`` says. ``refusals`` makes them.
    """

    def __str__(self) -> str:
        return for_print(self.text)


# The limits a page gets without asking (W3C, WebGPU, section "Limits", default values).
MAX_THREADS = 256
MAX_BLOCK = (256, 256, 64)
MAX_GRID = 65535
MAX_LAUNCHED = 2**28  # threads of one launch: not WebGPU's limit but ours, so that no page works for minutes
MAX_SHARED_BYTES = 16 * 1024
MAX_BUFFERS = 8
MAX_BUFFER_BYTES = 128 * 1024 * 1024

FEATURES = ("shader-f16",)
"""Optional features an artefact may ask for; not every device has them."""

HELD = {"bool": "uint32", "uint8": "uint32", "int8": "int32", "int64": "int32"}
"""Element types WGSL lacks, and what holds each of their values; of int64, those that are proved to fit."""

ELEMENT_BYTES = {"float32": 4, "int32": 4, "uint32": 4, "float16": 2, **dict.fromkeys(HELD, 4)}
"""Element types of buffers, and the bytes of an element on the device."""

_INT32 = (-(2**31), 2**31 - 1)
VALUES = {
    "int32": _INT32,
    "uint32": (0, 2**32 - 1),
    "bool": (0, 1),
    "uint8": (0, 255),
    "int8": (-128, 127),
    "int64": _INT32,
}
"""Least and greatest value of an element on the device, of each type that is none of floats."""


@cache
def webgpu_target() -> "tvm.target.Target":
    """A target for WGSL; no GPU and no browser is needed to compile."""
    import tvm

    limits = {"max_num_threads": MAX_THREADS, "max_shared_memory_per_block": MAX_SHARED_BYTES}
    return tvm.target.Target({"kind": "webgpu", **limits}, host=cpu_target())
