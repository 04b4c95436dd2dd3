"""Pictures of the course: a small SVG drawing board, and pictures computed from the IR itself."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlc_ref.viz.access import explore_access
    from mlc_ref.viz.explorer import explore
    from mlc_ref.viz.graph import explore_graph

__all__ = ["explore", "explore_access", "explore_graph"]

_HOMES = {
    "explore": "mlc_ref.viz.explorer",
    "explore_access": "mlc_ref.viz.access",
    "explore_graph": "mlc_ref.viz.graph",
}


def __getattr__(name: str) -> Any:
    # The explorers need TVM and the simulator; drawing a board needs neither.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
