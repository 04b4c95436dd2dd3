"""Check a constant of a module: the bytes TVM makes of a tensor, before TVM reads them."""

import base64
import binascii
import math
import struct
from typing import Any

MAX_DIMENSIONS = 8
_CPU = (1, 0)  # DLPack's device type and number
_LAST_CODE = 6  # of DLPack's type codes: integers, floats, bfloat, complex, bool


def is_exact_tensor(data: Any) -> bool:
    """Whether this is base64 of a serialized DLPack tensor on the CPU, with as many bytes as its shape says."""
    try:
        raw = base64.b64decode(data, validate=True)
        _magic, _reserved, device, device_id, dimensions = struct.unpack_from("<QQiii", raw)
        code, bits, lanes = struct.unpack_from("<BBH", raw, 28)
        if not 0 <= dimensions <= MAX_DIMENSIONS:
            return False
        shape = struct.unpack_from(f"<{dimensions}q", raw, 32)
        (size,) = struct.unpack_from("<q", raw, 32 + 8 * dimensions)
    except (binascii.Error, struct.error, ValueError, TypeError):
        return False
    expected = math.prod(shape) * ((bits * lanes + 7) // 8)
    exact = size == expected == len(raw) - 40 - 8 * dimensions
    return (device, device_id) == _CPU and code <= _LAST_CODE and min(shape, default=0) >= 0 and exact
