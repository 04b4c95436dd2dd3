"""A cache model: the order in which a scheduled program touches memory, and the bytes that this moves.

* ``order`` lists every load and store of one run.
* ``cache`` sends them through one cache with places everywhere, and counts.
* ``levels`` sends them through several caches with sets; causes of misses.
* ``reuse`` gives the reuse distances, from which follows what caches of all sizes miss.
* ``lru`` is one cache; ``system`` describes those of this machine.
"""

from mlc_ref.cache_model.cache import LINE_BYTES, Traffic, run_cache, traffic
from mlc_ref.cache_model.levels import CacheLevel, LevelTraffic, Misses, level_traffic, lines_in_sets, misses_by_cause
from mlc_ref.cache_model.order import Order, access_order
from mlc_ref.cache_model.reuse import ReuseHistogram, reuse_distances, reuse_histogram

__all__ = [
    "LINE_BYTES",
    "CacheLevel",
    "LevelTraffic",
    "Misses",
    "Order",
    "ReuseHistogram",
    "Traffic",
    "access_order",
    "level_traffic",
    "lines_in_sets",
    "misses_by_cause",
    "reuse_distances",
    "reuse_histogram",
    "run_cache",
    "traffic",
]
