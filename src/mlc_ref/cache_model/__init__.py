"""A small cache model: the order in which a scheduled program touches memory, and the bytes that this moves.

``order`` lists every load and store of one run; ``cache`` sends them through one cache and counts.
"""

from mlc_ref.cache_model.cache import LINE_BYTES, Traffic, run_cache, traffic
from mlc_ref.cache_model.order import Order, access_order

__all__ = ["LINE_BYTES", "Order", "Traffic", "access_order", "run_cache", "traffic"]
