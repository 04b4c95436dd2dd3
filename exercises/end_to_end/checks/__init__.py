"""Checks and points of the exercises on end-to-end execution."""
