"""List what a student handed in: without recursion, without following links, and never more than so much of it."""

import os
from pathlib import Path

MAX_ENTRIES = 10_000
MAX_LEVELS = 20


def entries_below(folder: Path) -> tuple[list["os.DirEntry[str]"], str]:
    """Everything in a folder and below it, and what was not looked into, if anything."""
    found: list[os.DirEntry[str]] = []
    left, problem = [(str(folder), 1)], ""
    while left:
        place, level = left.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    found.append(entry)
                    if len(found) >= MAX_ENTRIES:
                        return found, f"more than {MAX_ENTRIES} files and folders"
                    if entry.is_dir(follow_symlinks=False):
                        if level < MAX_LEVELS:
                            left.append((entry.path, level + 1))
                        else:
                            problem = f"folders nested deeper than {MAX_LEVELS} levels"
        except OSError as error:
            problem = problem or f"a folder that cannot be read ({error.strerror})"
    return found, problem


def names_in(folder: Path) -> list[str]:
    """Names of what stands in a folder itself; none if there is no reading it."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False)]
    except OSError:
        return []
