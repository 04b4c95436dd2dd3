"""The versions of TVM that the course was written for, and what to say where others are installed."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from mlc_ref.language import Text, TextError

PINNED = {"apache-tvm": "0.27.0.post1", "apache-tvm-ffi": "0.1.14.post1"}


class OtherVersions(TextError, RuntimeError):
    """TVM is installed in a version the course was not written for, or not at all."""


_OTHER = Text(
    "{package}: found {found}, the course needs {pin}; run: pip install {package}=={pin}",
    "{package}：已安装的是 {found}，本课程需要 {pin}；请运行 pip install {package}=={pin}",
)
_NONE = Text("none", "无")


def version_problems(installed: Callable[[str], str] = version) -> list[Text]:
    """One sentence for each pinned package whose installed version is another or missing."""
    problems = []
    for package, pin in PINNED.items():
        try:
            found: str | Text = installed(package)
        except PackageNotFoundError:
            found = _NONE
        if found != pin:
            problems.append(_OTHER.format(package=package, found=found, pin=pin))
    return problems


def require_versions() -> None:
    """Stop early on a TVM the course was not written for.

    Raises:
        OtherVersions: naming each package, the version found, the one needed and the command to get it.
    """
    problems = version_problems()
    if problems:
        raise OtherVersions(Text("\n".join(each.en for each in problems), "\n".join(each.zh for each in problems)))
