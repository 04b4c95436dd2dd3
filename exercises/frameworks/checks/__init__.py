"""Checks and points of the exercises on models from frameworks."""
