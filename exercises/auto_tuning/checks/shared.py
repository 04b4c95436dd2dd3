"""What several items of the set share."""

from mlc_ref.checks import require
from mlc_ref.checks.sites import listing
from mlc_ref.language import Text

NUMBERS = Text("right numbers", "数值正确")


def normal(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def _kind(value) -> str:
    return type(value).__name__


def dict_with(result, *keys):
    right = isinstance(result, dict) and all(key in result for key in keys)
    wanted = Text(f"a dict with {', '.join(keys)}", f"含 {'、'.join(keys)} 的字典")
    require(
        right, expected=wanted, found=listing(list(map(str, result))) if isinstance(result, dict) else _kind(result)
    )
    return result
