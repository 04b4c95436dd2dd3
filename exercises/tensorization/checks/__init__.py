"""Checks and points of the exercises on tensorization."""
