"""Checks and points of the exercises on tensor programs."""
