"""Checks of the exercises on development and deployment, levels of abstraction, counts and loops."""
