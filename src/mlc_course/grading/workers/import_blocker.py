"""Leave packages out of processes that do not use them: TVM loads PyTorch when it is there, which takes longer than TVM itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mlc_course.exercises.catalog import check_files, set_folder


@contextmanager
def import_blocked(package: str) -> Iterator[None]:
    """Let a package look as if it were not installed, unless it is loaded already; afterwards it can be imported as ever."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


def uses_torch(stem: str) -> bool:
    """Whether the notebook or the checks of a set speak of PyTorch or of the package's code on it."""
    folder = set_folder(stem)
    texts = [path.read_text("utf-8") for path in (folder / "exercise.md", *check_files(folder))]
    # SciPy looks at PyTorch when it finds it among the modules; a blocked one is not what it expects.
    return any(name in text for text in texts for name in ("torch", "mlc_ref.frameworks", "scipy"))
