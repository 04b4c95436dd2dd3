"""Pictures of the course: a small SVG drawing board, and pictures computed from the IR itself."""

from mlc_ref.viz.graph import explore_graph

__all__ = ["explore_graph"]
