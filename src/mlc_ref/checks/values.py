"""Checks on plain answers and on arrays."""

from collections.abc import Collection

import numpy as np

from mlc_ref.checks.failure import CheckFailure, require
from mlc_ref.language import Text


def equal_value(found: object, expected: object, *, where: object = None, hint: Text | None = None) -> None:
    """``found`` has exactly the type and the value of ``expected`` (``True`` is not ``1``).

    The message does not give the expected value away.

    Raises:
        CheckFailure: another type or another value.
    """
    right_type = type(found) is type(expected)
    type_name = type(expected).__name__
    expected_type = Text(f"a value of type {type_name}", f"类型为 {type_name} 的值")
    require(right_type, expected=expected_type, found=f"{type(found).__name__} {found!r}", where=where, hint=hint)
    require(
        found == expected,
        expected=Text("the right answer", "正确答案"),
        found=repr(found),
        where=where,
        hint=hint,
    )


def one_of(found: object, allowed: Collection[object], *, where: object = None, hint: Text | None = None) -> None:
    """``found`` is one of the ``allowed`` choices.

    Raises:
        CheckFailure: it is not; the message lists the choices.
    """
    choices = ", ".join(map(repr, allowed))
    require(
        any(type(found) is type(a) and found == a for a in allowed),
        expected=Text(f"one of {choices}", f"{choices} 之一"),
        found=repr(found),
        where=where,
        hint=hint,
    )


def arrays_match(
    found: object,
    expected: np.ndarray,
    *,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    where: object = None,
    hint: Text | None = None,
) -> None:
    """``found`` is an array of the shape and dtype of ``expected`` with close values.

    Args:
        found: what the answer produced.
        expected: the oracle, computed in float64 and cast to the dtype asked for.
        rtol, atol: ``|found - expected| <= atol + rtol * |expected|``; ignored for integers.

    Raises:
        CheckFailure: naming the first kind of difference: type, shape, dtype, then the worst element.
    """
    if type(found) is not np.ndarray:
        kind = type(found).__name__
        raise CheckFailure(expected=Text("a NumPy array", "NumPy 数组"), found=kind, where=where, hint=hint)
    shape = Text(f"shape {expected.shape}", f"形状 {expected.shape}")
    require(found.shape == expected.shape, expected=shape, found=found.shape, where=where, hint=hint)
    require(
        found.dtype == expected.dtype, expected=f"dtype {expected.dtype}", found=found.dtype, where=where, hint=hint
    )
    exact = expected.dtype.kind not in "fc"
    close = (
        found == expected
        if exact
        else np.isclose(found.astype("float64"), expected.astype("float64"), rtol=rtol, atol=atol, equal_nan=True)
    )
    if np.all(close):
        return
    index = tuple(int(i) for i in np.argwhere(~np.asarray(close))[0])
    wrong = int(np.size(close) - np.count_nonzero(close))
    raise CheckFailure(
        expected=Text(f"{expected[index]} at {index}", f"{index} 处为 {expected[index]}"),
        found=Text(
            f"{found[index]} ({wrong} of {expected.size} elements differ)",
            f"{found[index]}（{expected.size} 个元素中有 {wrong} 个不同）",
        ),
        where=where,
        hint=hint,
    )
