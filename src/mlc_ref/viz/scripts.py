"""The scripts and the style of the widgets as one text each, for an output that must bring along all it needs.

On the website, modules load one another from ``_static/widgets``. The output of a notebook has no such place: Colab shows
each in a frame of its own, and without the network there is only the file. So the modules are joined here.
"""

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from mlc_ref.language import Text, for_print

_IMPORT = re.compile(r'^import \{ (?P<names>[\w, ]+) \} from "(?P<path>\.[\w./]+)";\n', re.M)
_EXPORT = re.compile(r"^export (?P<default>default )?(?=(?:async )?(?:function\*?|const|class) (?P<name>\w+))", re.M)
# Whole lines only: what looks like a comment inside a string stays.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:[^\n]*|[ \t]*\n(?:[ \t]*\*(?!/)[^\n]*\n)*[ \t]*)\*/[ \t]*)\n", re.M)
_LEFT = re.compile(r"^(?:import|export)\b.*$|\bimport\(", re.M)
_INSTALLED = Path(__file__).with_name("static")


def static_folder() -> Path:
    """Where ``widgets/`` and ``widgets.css`` lie: in the course's folder, or in the installed package (see ``setup.py``).

    Raises:
        FileNotFoundError: in neither.
    """
    course = Path(__file__).parents[3] / "chapters" / "_static"
    for folder in (_INSTALLED, course):
        if (folder / "widgets").is_dir():
            return folder
    raise FileNotFoundError(
        for_print(
            Text(
                f"the widgets' scripts are missing: expected {_INSTALLED} or {course}. Install the course's package again",
                f"缺少互动图的脚本：应当在 {_INSTALLED} 或 {course}。请重新安装课程的软件包",
            )
        )
    )


@cache
def style() -> str:
    """The style sheet of the widgets."""
    return re.sub(r"/\*.*?\*/\n?", "", (static_folder() / "widgets.css").read_text("utf-8"), flags=re.S)


@cache
def script(name: str) -> str:
    """A script that draws the widget in whose output it stands; arguments and errors are those of :func:`joined`."""
    return joined(name, static_folder() / "widgets")


def joined(name: str, folder: Path) -> str:
    """The modules of a folder that draw a widget, as one script.

    Args:
        name: the module that draws it, ``widgets/<name>.js``; where there is none, the text without scripts stays.

    Raises:
        FileNotFoundError: there is no such module.
        ValueError: a module imports or exports in a way that cannot be joined.
    """
    defined = join(("notebook.js", f"{name}.js"), folder)
    start = f'modules["notebook.js"].default(document.currentScript, modules["{name}.js"].default);\n'
    text = f"(() => {{\n{defined}{start}}})();"
    if "</" in text or "<!--" in text:
        raise ValueError(f"{name}.js: holds </ or <!--, which would end the script element; write it in two parts")
    return text


def join(entries: Iterable[str], folder: Path, edit: Callable[[str, str], str] = lambda path, text: text) -> str:
    """Modules as one text, each after those it imports: it sets ``modules``, where each path has what its module exports.

    Args:
        entries: paths in ``folder``, with ``/`` between their parts.
        edit: changes the text of a module, given its path and text, before it is joined.

    Raises:
        FileNotFoundError: there is no such module.
        ValueError: a module imports or exports in a way that cannot be joined.
    """
    modules: dict[str, str] = {}
    for entry in entries:
        _add(entry, folder, modules, edit)
    defined = "".join(f'modules["{path}"] = (() => {{\n{text}}})();\n' for path, text in modules.items())
    return f"const modules = {{}};\n{defined}"


def _add(path: str, folder: Path, modules: dict[str, str], edit: Callable[[str, str], str]) -> None:
    """Add a module, as the body of a function that returns what it exports, after all that it imports."""
    if path in modules:
        return
    text = _COMMENT.sub("", edit(path, (folder / path).read_text("utf-8")))

    def taken(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(path), match["path"]))
        _add(imported, folder, modules, edit)
        return f'const {{ {match["names"]} }} = modules["{imported}"];\n'

    text = _IMPORT.sub(taken, text)
    given = [f"default: {e['name']}" if e["default"] else e["name"] for e in _EXPORT.finditer(text)]
    text = _EXPORT.sub("", text)
    if left := _LEFT.search(text):
        raise ValueError(
            f'{path}: got {left[0]!r}; allowed are import {{ … }} from "./….js" and exports of declarations'
        )
    modules[path] = f"{text}return {{ {', '.join(given)} }};\n"
