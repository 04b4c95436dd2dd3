"""The first code cell of a downloaded notebook: is everything here that the page needs, and if not, what to do."""

import tomllib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from mlc_course.site.errors import SiteError
from mlc_course.site.settings import Settings
from mlc_ref.language import Language, Text

PINNED = ("apache-tvm", "apache-tvm-ffi")
_READY = Text(
    "Ready: Python, TVM and the course's package are the right ones.", "环境就绪：Python、TVM 与课程软件包均符合要求。"
)
_NOT_READY = Text("This notebook needs a different environment:", "当前环境不符合本笔记本的要求：")
_FIX = Text(
    "Make one with these commands, then choose its kernel:",
    "请用下面的命令创建环境，然后选择其中的内核：",
)
_WANTED = Text("got {found}, needs {wanted}", "当前为 {found}，需要 {wanted}")
_MISSING = Text("nothing", "未安装")

_TEMPLATE = """\
import sys
from importlib.metadata import PackageNotFoundError, version


def found(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return {missing!r}


wanted = {wanted!r}
problems = [
    f"- {{package}}: " + {sentence!r}.format(found=found(package), wanted=pin)
    for package, pin in wanted.items()
    if found(package) != pin
]
if not {oldest} <= sys.version_info[:2] <= {newest}:
    problems.append("- Python: " + {sentence!r}.format(found=sys.version.split()[0], wanted={python_range!r}))
if problems:
    print({not_ready!r}, *problems, "", {fix!r}, "", *{commands!r}, sep="\\n")
else:
    print({ready!r})
"""


def _project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def pins(root: Path) -> dict[str, str]:
    """The exact versions ``pyproject.toml`` asks for of the packages in ``PINNED``, and the course's own.

    Raises:
        SiteError: one of them is not pinned.
    """
    project = _project(root)
    exact = dict(entry.split("==") for entry in project["dependencies"] if "==" in entry)
    missing = [package for package in PINNED if package not in exact]
    if missing:
        raise SiteError(f"pyproject.toml: {', '.join(missing)} must be pinned with == in project.dependencies.")
    return {**{package: exact[package].strip() for package in PINNED}, project["name"]: project["version"]}


def environment_cell(root: Path, language: Language, settings: Settings) -> nbformat.NotebookNode:
    """The cell, with messages in ``language``; it changes nothing, it only looks and prints."""
    # What the pinned packages have wheels for; see requirements.lock.
    oldest, newest = (3, 11), (3, 13)
    folder = settings.repository_url.rsplit("/", 1)[-1]
    commands = [
        f"git clone {settings.repository_url}",
        f"cd {folder}",
        "make setup",
        ".venv/bin/jupyter lab",
    ]
    source = _TEMPLATE.format(
        missing=_MISSING.get(language),
        wanted=pins(root),
        sentence=_WANTED.get(language),
        oldest=oldest,
        newest=newest,
        python_range=f"{oldest[0]}.{oldest[1]} … {newest[0]}.{newest[1]}",
        not_ready=_NOT_READY.get(language),
        fix=_FIX.get(language),
        commands=commands,
        ready=_READY.get(language),
    )
    return new_code_cell(source.rstrip("\n"))
