"""Notebooks that tests edit and write."""

from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode


def save(notebook: NotebookNode, path: Path) -> Path:
    """Write a notebook and return where it lies."""
    nbformat.write(notebook, path)
    return path


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell of an id."""
    return next(c for c in notebook.cells if c.id == name)
