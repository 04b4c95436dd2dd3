"""Collect what a cell prints and shows: each message once, in linear time, and never more than so much of it.

Whatever is kept is in the form a notebook has to have: the messages may be forged.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

MAX_OUTPUT = 1 * 2**20  # characters kept of one cell
MAX_OUTPUTS = 500  # of one cell
OVERHEAD = 2_000  # characters that each output counts for besides its text: whoever reads the notebook handles each
MAX_ERROR = 64 * 2**10  # characters of an error, which is kept whatever was printed before
CUT = "… output cut …\n"
_MAX_SHOWN = 8  # places a displayed object is updated in
_MAX_NAME = 200
# A page made of the notebook must not run what a student wrote: no HTML, no SVG, no scripts.
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class _Stream:
    """Text printed to one stream; shortened, when it grows, to what a terminal would show of it."""

    def __init__(self, name: str):
        self.name, self._parts, self.size = name, [""], 0

    def add(self, text: str, limit: int) -> bool:
        """Keep more text; whether it is too much now."""
        self._parts.append(text)
        self.size += len(text)
        if self.size <= limit:
            return False
        shown = terminal_text("".join(self._parts))
        # Half the limit has to come in before the text is looked at again.
        self._parts, full = [shown[:limit]], len(shown) > limit // 2
        self.size = len(self._parts[0])
        return full

    def plain(self) -> NotebookNode:
        return new_output("stream", name=self.name, text=terminal_text("".join(self._parts)))


@dataclass
class CellOutputs:
    """The outputs of one cell.

    Args:
        limit: characters that may be kept.
        displays: outputs of the notebook that later messages may update, by their id.
    """

    limit: int = MAX_OUTPUT
    displays: dict[str, list[tuple["CellOutputs", dict[str, Any]]]] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)
    _streams: dict[str, _Stream] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)  # ids under which its outputs are in ``displays``
    _size: int = 0  # of everything but streams
    _has_error: bool = False
    _cut: bool = False
    _clear_first: bool = False

    def take(self, kind: str, content: dict[str, Any] | None) -> None:
        """Keep what a message holds, replace what it updates, or remove what it clears."""
        if content is None:
            self._cut = True
        elif kind == "clear_output":
            self._clear_first = bool(content.get("wait"))
            if not self._clear_first:
                self._clear()
        elif kind == "update_display_data":
            self._update(content)
        elif kind in ("stream", "error", "display_data", "execute_result"):
            if self._clear_first:
                self._clear()
            if kind == "stream":
                self._print("stderr" if content.get("name") == "stderr" else "stdout", _text(content.get("text")))
            elif kind == "error":
                self._fail(_error(content))
            else:
                self._show(kind, content)

    @property
    def size(self) -> int:
        """Characters kept."""
        return self._size + sum(stream.size for stream in self._streams.values())

    def plain(self) -> list[NotebookNode]:
        """The outputs as a notebook has them, standard output before the errors that stand next to it."""
        made = [one.plain() if isinstance(one, _Stream) else new_output(**one) for one in self._kept]
        for first, second in zip(range(len(made)), range(1, len(made)), strict=False):
            if made[first].get("name") == "stderr" and made[second].get("name") == "stdout":
                made[first], made[second] = made[second], made[first]
        return [*made, new_output("stream", name="stdout", text=CUT)] if self._cut else made

    def _print(self, name: str, text: str) -> None:
        if self._cut:
            return
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = _Stream(name)
            self._keep(stream, 0)
        self._cut = stream.add(text, max(0, self.limit - self.size + stream.size))

    def _show(self, kind: str, content: dict[str, Any]) -> None:
        data = _data(content)
        output: dict[str, Any] = {"output_type": kind, "data": data}
        transient = content.get("transient")
        name = transient.get("display_id") if isinstance(transient, dict) else None
        if not isinstance(name, str) or len(name) > _MAX_NAME:
            name = None
        if name is not None and kind == "display_data":
            self._replace(name, data)
        if not data and name is None:
            return  # nothing to show, now or later
        if self._keep(output, _size(data)) and name is not None:
            places = self.displays.setdefault(name, [])
            places.append((self, output))
            self._names.add(name)
            del places[:-_MAX_SHOWN]

    def _update(self, content: dict[str, Any]) -> None:
        transient = content.get("transient")
        name = transient.get("display_id") if isinstance(transient, dict) else None
        if isinstance(name, str):
            self._replace(name, _data(content))

    def _replace(self, name: str, data: dict[str, str]) -> None:
        for cell, output in self.displays.get(name, ()):
            grown = cell._size - _size(output["data"]) + _size(data)
            if grown + cell.size - cell._size > cell.limit:
                cell._cut = True
                continue
            cell._size, output["data"] = grown, data

    def _fail(self, output: dict[str, Any]) -> None:
        if not self._has_error:  # the first stays, whatever was printed before: it says why a cell ended
            self._kept.append(output)
            self._has_error = True
        else:
            self._keep(output, len(output["ename"]) + len(output["evalue"]) + sum(map(len, output["traceback"])))

    def _keep(self, output: Any, size: int) -> bool:
        size += OVERHEAD
        if len(self._kept) >= MAX_OUTPUTS or self.size + size > self.limit:
            self._cut = True
            return False
        self._kept.append(output)
        self._size += size
        return True

    def _clear(self) -> None:
        for name in self._names:
            self.displays[name] = [place for place in self.displays[name] if place[0] is not self]
            if not self.displays[name]:
                del self.displays[name]
        self._kept, self._streams, self._names, self._size = [], {}, set(), 0
        self._cut = self._clear_first = self._has_error = False


def terminal_text(text: str) -> str:
    """What a terminal shows of a text with carriage returns and backspaces, as notebooks do."""
    if "\r" not in text and "\b" not in text:
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(_shown_line(line) for line in lines)


def _shown_line(line: str) -> str:
    # What follows a carriage return replaces the line; one at the end waits for what comes.
    line = line.rstrip("\r").rpartition("\r")[2] + ("\r" if line.endswith("\r") else "")
    if "\b" not in line:
        return line
    shown: list[str] = []
    for character in line:
        if character != "\b":
            shown.append(character)
        elif shown:
            shown.pop()
    return "".join(shown)


def _error(content: dict[str, Any]) -> dict[str, Any]:
    lines, left, kept = content.get("traceback"), MAX_ERROR, []
    for line in lines[:MAX_OUTPUTS] if isinstance(lines, list) else ():
        kept.append(_text(line)[:left])
        left -= len(kept[-1])
    name, value = (_text(content.get(key))[: MAX_ERROR // 8] for key in ("ename", "evalue"))
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": kept}


def _data(content: dict[str, Any]) -> dict[str, str]:
    said = content.get("data")
    if not isinstance(said, dict):
        return {}
    picture = _text(said.get("image/png"))
    found = {
        "text/plain": _text(said.get("text/plain")),
        "image/png": picture if _BASE64.fullmatch(picture) else "",
    }
    return {name: text for name, text in found.items() if text}


def _size(data: dict[str, str]) -> int:
    return sum(map(len, data.values()))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
