"""Result files of graded submissions: written whole or not at all, and believed only if they have the right form."""

import json
import os
from pathlib import Path
from typing import Any


def write_result(path: Path, result: dict[str, Any]) -> None:
    """Write a result; a process that is killed meanwhile leaves a ``.tmp`` file."""
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_result(path: Path, stem: str, version: str) -> dict[str, Any] | None:
    """The result in a file; None if there is none, if it is damaged, or of another set or version of the checks."""
    try:
        result = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return result if _is_result(result, stem, version) else None


def is_final(path: Path) -> bool:
    """Whether grading again would give the same: the file holds a result, and nothing failed in the grader itself."""
    try:
        result = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(result, dict) and not result.get("internal_errors")


def unjudged_of(result: dict[str, Any]) -> dict[str, str]:
    """The items that could not be judged for a reason that is not the answer's, each with it, in English."""
    said = result.get("unjudged")
    return {item: _english(reason) for item, reason in said.items()} if isinstance(said, dict) else {}


def _is_result(result: Any, stem: str, version: str) -> bool:
    if not isinstance(result, dict) or (result.get("stem"), result.get("version")) != (stem, version):
        return False
    items, outputs = result.get("items"), result.get("outputs")
    return (
        isinstance(items, dict)
        and all(isinstance(item, dict) and isinstance(item.get("score"), int | float) for item in items.values())
        and isinstance(outputs, dict)
        and all(isinstance(output, list) for output in outputs.values())
    )


def _english(text: Any) -> str:
    return str(text.get("en", "")) if isinstance(text, dict) else str(text)
