"""Checks and points of the exercises on auto-tuning."""
