"""Make reading TVMScript quick where many modules are loaded.

TVMScript's decorators call ``inspect.stack()``, and for every frame ``inspect.getmodule`` searches all
loaded modules. TVM imports PyTorch where it is installed, some two thousand modules, so that reading a
dozen small programs takes ten seconds and more. The answer for a frame depends on the file its code
stands in, and is remembered here by file.
"""

import inspect
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

_search: Callable[..., ModuleType | None] = inspect.getmodule
_by_file: dict[str, ModuleType | None] = {}


def _getmodule(object: Any, _filename: str | None = None) -> ModuleType | None:  # noqa: A002
    """``inspect.getmodule``; for a frame, searched once a file."""
    if not isinstance(object, FrameType):
        return _search(object, _filename)
    file = object.f_code.co_filename
    if file not in _by_file:
        _by_file[file] = _search(object, _filename)
    return _by_file[file]


def remember_modules_of_frames() -> None:
    """Replace ``inspect.getmodule`` by one that remembers its answers for frames; doing it again changes nothing."""
    inspect.getmodule = _getmodule
