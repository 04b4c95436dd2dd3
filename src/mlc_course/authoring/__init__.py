"""Tools for authors: figures, recorded labs, the map of the reference package."""
