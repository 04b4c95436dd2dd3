"""Which compilers the host has. Nothing here needs TVM."""

import os
import shutil


def c_compiler() -> str | None:
    """The host's C compiler: ``$CC``, else the first of cc, gcc and clang on the path; ``None`` without one."""
    return _first(os.environ.get("CC"), "cc", "gcc", "clang")


def cpp_compiler() -> str | None:
    """The host's C++ compiler: ``$CXX``, else the first of c++, g++ and clang++ on the path; ``None`` without one."""
    return _first(os.environ.get("CXX"), "c++", "g++", "clang++")


def _first(*names: str | None) -> str | None:
    return next((path for name in names if name and (path := shutil.which(name))), None)
