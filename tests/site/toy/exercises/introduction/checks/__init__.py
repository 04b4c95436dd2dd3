"""Checks of the toy course's exercises."""
