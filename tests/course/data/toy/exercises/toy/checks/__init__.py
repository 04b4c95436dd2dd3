"""Checks of the toy set: one item of each kind of answer."""
