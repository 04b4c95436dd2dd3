"""The versions of TVM that the course was written for, and what to say where others are installed."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

PINNED = {"apache-tvm": "0.27.0.post1", "apache-tvm-ffi": "0.1.14.post1"}


def version_problems(installed: Callable[[str], str] = version) -> list[str]:
    """One sentence for each pinned package whose installed version is another or missing."""
    problems = []
    for package, pin in PINNED.items():
        try:
            found = installed(package)
        except PackageNotFoundError:
            found = "none"
        if found != pin:
            problems.append(f"{package}: found {found}, the course needs {pin}; run: pip install {package}=={pin}")
    return problems


def require_versions() -> None:
    """Stop early on a TVM the course was not written for.

    Raises:
        RuntimeError: naming each package, the version found, the one needed and the command to get it.
    """
    problems = version_problems()
    if problems:
        raise RuntimeError("\n".join(problems))
