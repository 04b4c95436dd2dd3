"""Checks and points of the exercises on schedules: every answer is a trace, replayed on the given program."""
