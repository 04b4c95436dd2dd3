"""Messages between the processes of a grade: a JSON header, then NumPy's ``.npy`` arrays and modules as bytes.

``unpack`` is written for hostile input: it creates nothing but numbers, text, arrays, ``ModuleText`` and
lists, tuples and dicts of them, and refuses everything else.
"""

import functools
import io
import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from mlc_course.exercises.plain import ARRAY_KINDS, MAX_DEPTH, is_dict, reference_name, resolve_reference, transform
from mlc_course.grading.vetting.strict_json import Refused, parse, refuse
from mlc_ref.language import Text

MAX_MESSAGE = 64 * 2**20
MAX_HEADER = 4 * 2**20
MAX_PARTS = 10_000  # arrays and modules in one message
_WHAT = Text("a message of arrays and plain data", "由数组和普通数据组成的消息")


@dataclass(frozen=True)
class ModuleText:
    """An ``IRModule`` as ``tvm.ir.save_json`` wrote it, not loaded."""

    text: str


@dataclass(frozen=True)
class Reference:
    """A function of ``mlc_ref`` by name, with the arguments a ``partial`` binds."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()

    def resolve(self) -> Any:
        """The function itself, or a ``partial`` of it."""
        function = resolve_reference(self.name)
        return functools.partial(function, *self.args, **dict(self.kwargs)) if self.args or self.kwargs else function


def pack(value: Any) -> bytes:
    """A message as bytes.

    Raises:
        NotPlain: ``value`` holds something that is not plain data.
    """
    blobs: list[bytes] = []
    header = json.dumps({"value": _tree(value, blobs), "blobs": [len(b) for b in blobs]}).encode()
    return b"".join([struct.pack(">I", len(header)), header, *blobs])


def unpack(data: bytes, limit: int = MAX_MESSAGE) -> Any:
    """The value of a message.

    Raises:
        Refused: the bytes are no message, or hold anything but plain data.
    """
    if not 4 <= len(data) <= limit:
        raise refuse(_WHAT, Text(f"{len(data)} bytes", f"{len(data)} 字节"))
    (size,) = struct.unpack_from(">I", data)
    if size + 4 > len(data):
        raise refuse(_WHAT, Text("a header of another length", "长度不符的头部"))
    header = parse(data[4 : 4 + size], limit=MAX_HEADER, what=_WHAT)
    if not isinstance(header, dict) or set(header) != {"value", "blobs"}:
        raise refuse(_WHAT, Text("a header of another form", "另一种形式的头部"))
    sizes = header["blobs"]
    if not isinstance(sizes, list) or not all(type(s) is int and s >= 0 for s in sizes):
        raise refuse(_WHAT, Text("a header of another form", "另一种形式的头部"))
    if len(sizes) > MAX_PARTS:
        raise refuse(Text(f"at most {MAX_PARTS} arrays", f"最多 {MAX_PARTS} 个数组"), str(len(sizes)))
    if 4 + size + sum(sizes) != len(data):
        raise refuse(_WHAT, Text("contents of another length", "长度不符的内容"))
    ends = np.cumsum([4 + size, *sizes], dtype=np.int64).tolist()
    return _value(header["value"], [data[a:b] for a, b in pairwise(ends)], 0)


def _tree(value: Any, blobs: list[bytes]) -> Any:
    """JSON for a value; arrays and modules go to ``blobs``."""
    if isinstance(value, ModuleText):
        return _blob("module", value.text.encode(), blobs)
    if isinstance(value, Reference):
        return {"ref": [value.name, _tree(list(value.args), blobs), _tree(dict(value.kwargs), blobs)]}
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return {type(value).__name__: [_tree(v, blobs) for v in value]}
    if is_dict(value):
        return {"dict": [[str(k), _tree(v, blobs)] for k, v in value.items()]}
    name = reference_name(value)
    if name:
        bound = value if isinstance(value, functools.partial) else functools.partial(value)
        return _tree(Reference(name, tuple(bound.args), tuple(bound.keywords.items())), blobs)
    return transform(value, array=lambda a: _blob("array", _npy(a), blobs), module=lambda m: _saved(m, blobs))


def _saved(module: Any, blobs: list[bytes]) -> Any:
    import tvm

    from mlc_course.exercises.answers import as_module

    return _blob("module", tvm.ir.save_json(as_module(module, "main")).encode(), blobs)


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
    return file.getvalue()


def _blob(kind: str, data: bytes, blobs: list[bytes]) -> Any:
    blobs.append(data)
    return {kind: len(blobs) - 1}


def _value(tree: Any, blobs: list[bytes | None], depth: int) -> Any:
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if depth > MAX_DEPTH or not isinstance(tree, dict) or len(tree) != 1:
        raise refuse(_WHAT, Text("a value of another form", "另一种形式的值"))
    ((kind, content),) = tree.items()
    reader = _READERS.get(kind)
    if reader is None:
        raise refuse(_WHAT, Text(f"a value of kind {kind[:40]!r}", f"种类为 {kind[:40]!r} 的值"))
    return reader(content, blobs, depth + 1)


def _items(content: Any, blobs: list[bytes | None], depth: int) -> list[Any]:
    if not isinstance(content, list):
        raise refuse(_WHAT, Text("a list of another form", "另一种形式的列表"))
    return [_value(v, blobs, depth) for v in content]


def _dict(content: Any, blobs: list[bytes | None], depth: int) -> dict[str, Any]:
    if not isinstance(content, list) or not all(isinstance(p, list) and len(p) == 2 for p in content):
        raise refuse(_WHAT, Text("a dict of another form", "另一种形式的字典"))
    if not all(isinstance(key, str) for key, _ in content):
        raise refuse(_WHAT, Text("a dict of another form", "另一种形式的字典"))
    return {key: _value(v, blobs, depth) for key, v in content}


def _array(content: Any, blobs: list[bytes | None], depth: int) -> np.ndarray:
    data = _blob_at(content, blobs)
    file = io.BytesIO(data)
    try:
        if _array_size(file) != len(data):
            raise ValueError("an array of another length than its header says")
        file.seek(0)
        array = np.lib.format.read_array(file, allow_pickle=False, max_header_size=1024)
    except Exception as error:  # NumPy raises what its parts raise: ValueError, SyntaxError, TypeError, MemoryError, …
        found = Text.english(str(error)[:200])
        raise refuse(Text("an array in NumPy's format", "NumPy 格式的数组"), found) from error
    if array.dtype.kind not in ARRAY_KINDS:
        raise refuse(Text("an array of numbers", "由数字组成的数组"), f"dtype {array.dtype}")
    return array.copy()


def _array_size(file: io.BytesIO) -> int:
    """Bytes that the header of an array announces, it included: NumPy makes room for them before it reads them."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _fortran, dtype = read(file, max_header_size=1024)
    return file.tell() + math.prod(shape) * dtype.itemsize


def _module(content: Any, blobs: list[bytes | None], depth: int) -> ModuleText:
    try:
        return ModuleText(_blob_at(content, blobs).decode())
    except UnicodeDecodeError as error:
        raise refuse(
            Text("a module as text", "文本形式的模块"), Text("bytes that are no UTF-8", "不是 UTF-8 的字节")
        ) from error


def _reference(content: Any, blobs: list[bytes | None], depth: int) -> Reference:
    if not (isinstance(content, list) and len(content) == 3 and isinstance(content[0], str)):
        raise refuse(_WHAT, Text("a reference of another form", "另一种形式的引用"))
    arguments, named = (_value(v, blobs, depth) for v in content[1:])
    if not isinstance(arguments, list) or not isinstance(named, dict):
        raise refuse(_WHAT, Text("a reference of another form", "另一种形式的引用"))
    return Reference(content[0], tuple(arguments), tuple(named.items()))


def _blob_at(index: Any, blobs: list[bytes | None]) -> bytes:
    """A part, once: each mention makes a copy, and a short message has room for many mentions."""
    if type(index) is not int or not 0 <= index < len(blobs):
        raise refuse(_WHAT, Text("a part that is not there", "不存在的部分"))
    found, blobs[index] = blobs[index], None
    if found is None:
        raise refuse(_WHAT, Text("a part that stands in it twice", "出现了两次的部分"))
    return found


_READERS: dict[str, Callable[[Any, list[bytes | None], int], Any]] = {
    "list": _items,
    "tuple": lambda content, blobs, depth: tuple(_items(content, blobs, depth)),
    "dict": _dict,
    "array": _array,
    "module": _module,
    "ref": _reference,
}

__all__ = ["MAX_MESSAGE", "ModuleText", "Reference", "Refused", "pack", "unpack"]
