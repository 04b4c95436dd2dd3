"""Warnings that name the line of the reader's own code, whichever functions of this package stand in between."""

import sys
import warnings
from pathlib import Path

from mlc_ref.language import Text

_PACKAGE = str(Path(__file__).parent)


def warn_reader(text: Text) -> None:
    """Warn in the reader's language, at the line outside of this package that called into it.

    Warns:
        UserWarning: always. (Python 3.12 has ``skip_file_prefixes`` for this; the course also runs on older ones.)
    """
    level, frame = 1, sys._getframe()
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        level, frame = level + 1, frame.f_back
    warnings.warn(text.get(), stacklevel=level)
