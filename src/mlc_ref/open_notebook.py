"""The notebook this process is the kernel of, where Jupyter or VS Code say which, and the language it is written in."""

import json
import os
import sys
from functools import cache
from pathlib import Path

MAX_BYTES = 64 * 2**20


def open_notebook() -> Path | None:
    """The notebook's file: Jupyter's server names it in an environment variable, VS Code in a variable of the notebook."""
    named = os.environ.get("JPY_SESSION_NAME") or vars(sys.modules["__main__"]).get("__vsc_ipynb_file__")
    return Path(named) if isinstance(named, str) and named.endswith(".ipynb") else None


def notebook_language() -> str | None:
    """What the open notebook's metadata says its language is; ``None`` where there is no notebook, or it does not say."""
    notebook = open_notebook()
    return None if notebook is None else _language_in(notebook)


@cache
def _language_in(notebook: Path) -> str | None:
    try:
        if notebook.stat().st_size > MAX_BYTES:
            return None
        said = json.loads(notebook.read_bytes())["metadata"]["mlc"]["language"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None  # no file, or none of the course's
    return said if isinstance(said, str) else None
