"""Checks and points of the exercises on graph optimization."""
