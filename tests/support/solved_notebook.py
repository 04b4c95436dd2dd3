"""An exercise's notebook with its solutions, as a module."""

import importlib.util
import sys
from collections.abc import Container
from pathlib import Path
from types import ModuleType

from mlc_course.exercises.catalog import load_exercise


def solved_notebook(stem: str, folder: Path, roles: Container[str] = ("setup", "example", "answer")) -> ModuleType:
    """Run the solved notebook of an exercise from a file in ``folder``: TVMScript reads its own source."""
    cells = [cell.source for cell in load_exercise(stem).cells if cell.role in roles]
    path = folder / f"{stem}_answers.py"
    path.write_text("\n\n".join(cells), "utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
