"""The first code cell of a downloaded notebook: is everything here that the page needs, and if not, what to do."""

import json
from pathlib import Path

import nbformat
import tomllib
from nbformat.v4 import new_code_cell

from mlc_course.bootstrap import NEWEST
from mlc_course.content.errors import SiteError
from mlc_course.content.settings import Settings
from mlc_ref.language import Language, Text

PINNED = ("apache-tvm", "apache-tvm-ffi")
_PURPOSE = Text(
    "Check the environment; nothing is installed or changed, except on Colab.",
    "检查环境；除了在 Colab 上，不会安装或改动任何内容。",
)
_COLAB = Text("a machine that is thrown away: install the pinned versions", "用完即弃的机器：安装固定的版本")
_READY = Text(
    "Ready: Python, TVM and the course's package are the right ones.", "环境就绪：Python、TVM 与课程软件包均符合要求。"
)
_NOT_READY = Text("This notebook needs a different environment:", "当前环境不符合本笔记本的要求：")
_FIX = Text(
    "Make one with these commands, then choose its kernel:",
    "请用下面的命令创建环境，然后选择其中的内核：",
)
_WANTED = Text("{package}: got {found}, needs {pin}", "{package}：当前为 {found}，需要 {pin}")
_MISSING = Text("nothing", "未安装")

_TEMPLATE = """\
# {purpose}
import sys
from importlib.metadata import PackageNotFoundError, version

wanted = {wanted}
if "google.colab" in sys.modules:  # {colab}
    import subprocess

    exact = [f"{{package}}=={{pin}}" for package, pin in wanted.items()][:-1]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *exact, {archive}], check=True)
problems = []
for package, pin in wanted.items():
    try:
        found = version(package)
    except PackageNotFoundError:
        found = {missing}
    if found != pin:
        problems.append(f"{sentence}")
if not {oldest} <= sys.version_info[:2] <= {newest}:
    package, found, pin = "Python", sys.version.split()[0], {python_range}
    problems.append(f"{sentence}")
if problems:
    print({not_ready})
    print("  " + "\\n  ".join(problems))
    print({fix})
    print({commands})
else:
    print({ready})
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
    # The Pythons on which all a chapter needs can be installed, see ``make pins``.
    oldest, newest = (3, 10), NEWEST
    folder = settings.repository_url.rsplit("/", 1)[-1]
    commands = f"  git clone {settings.repository_url}\n  cd {folder}\n  make setup\n  .venv/bin/jupyter lab"
    source = _TEMPLATE.format(
        purpose=_PURPOSE.get(language),
        missing=_quoted(_MISSING.get(language)),
        wanted=json.dumps(pins(root)),
        colab=_COLAB.get(language),
        archive=_quoted(f"{settings.repository_url}/archive/refs/heads/{settings.branch}.zip"),
        sentence=_WANTED.get(language),
        oldest=oldest,
        newest=newest,
        python_range=_quoted(f"{oldest[0]}.{oldest[1]}–{newest[0]}.{newest[1]}"),
        not_ready=_quoted(_NOT_READY.get(language)),
        fix=_quoted(_FIX.get(language)),
        commands=_quoted(commands),
        ready=_quoted(_READY.get(language)),
    )
    return new_code_cell(source.rstrip("\n"))


def _quoted(text: str) -> str:
    """The text as a Python string, Chinese characters as they are."""
    return json.dumps(text, ensure_ascii=False)
