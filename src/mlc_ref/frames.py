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


class ModulesOfFrames:
    """Remembers in which module the code of a file stands.

    Args:
        search: ``inspect.getmodule``, or what counts its calls.
    """

    def __init__(self, search: Callable[..., ModuleType | None]):
        self._search = search
        self._by_file: dict[str, ModuleType | None] = {}

    def getmodule(self, object: Any, _filename: str | None = None) -> ModuleType | None:  # noqa: A002
        """``inspect.getmodule``; for a frame, searched once a file."""
        if not isinstance(object, FrameType):
            return self._search(object, _filename)
        file = object.f_code.co_filename
        if file not in self._by_file:
            self._by_file[file] = self._search(object, _filename)
        return self._by_file[file]


def remember_modules_of_frames() -> None:
    """Replace ``inspect.getmodule`` by one that remembers its answers for frames; doing it again changes nothing."""
    if not isinstance(getattr(inspect.getmodule, "__self__", None), ModulesOfFrames):
        inspect.getmodule = ModulesOfFrames(inspect.getmodule).getmodule
