"""Show the error that a cell raises as its last lines, so that a page can go on after it."""

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from mlc_ref.language import Text, for_print

WIDTH = 90  # characters of a line
_CELL = re.compile(r"\S*(?:ipykernel|ipython)\S*?(?=:\d+:\d+)")
_NONE = Text("no error", "没有报错")


@contextmanager
def error_shown() -> Iterator[None]:
    """Print type and message of the error that the block raises, or that there was none.

    The name of the temporary file that Jupyter runs a cell from is left out; long lines are wrapped.
    """
    try:
        yield
    except Exception as error:
        print(error_text(error))
    else:
        print(for_print(_NONE))


def error_text(error: Exception) -> str:
    """What ``error_shown`` prints of an error."""
    message = _CELL.sub("cell", str(error).strip())
    kind = type(error).__name__
    text = message if message.startswith(kind) else f"{kind}: {message}"
    return "\n".join(part for line in text.splitlines() for part in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line.rstrip()]
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
