"""Grading a class: nbgrader's steps as functions."""
