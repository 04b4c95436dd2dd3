"""Read a notebook file as JSON without what its cells showed, and say precisely why there is no reading it.

Outputs are dropped while the file is parsed, before any limit but two is applied: the file's size, and the number of
its values, because each takes many times the memory of its text. So a file takes at most some six times its own size
and 200 MB.
"""

import json
import os
import stat
from pathlib import Path
from typing import Any

from mlc_course.grading.vetting.strict_json import MAX_DIGITS, invalid_json, refuse, require_few_values
from mlc_ref.language import Text

MAX_FILE = 32 * 2**20
MAX_VALUES = 2_000_000
NOTEBOOK = Text("a notebook", "一个笔记本")
_AGAIN = Text(
    "Open the notebook in Jupyter, clear its outputs, save it and hand in the file that ends in .ipynb.",
    "请在 Jupyter 中打开笔记本，清除输出并保存，然后提交以 .ipynb 结尾的文件。",
)
_DROPPED = ("outputs", "attachments")
_OTHER_FILES = {
    b"<": Text("a web page, such as a login page or an exported notebook", "一个网页，例如登录页面或导出的笔记本"),
    b"PK\x03\x04": Text("a zip archive", "一个 zip 压缩包"),
    b"%PDF": Text("a PDF file", "一个 PDF 文件"),
    b"\x1f\x8b": Text("a gzip archive", "一个 gzip 压缩包"),
    b"\x89PNG": Text("a picture", "一张图片"),
    b"\xff\xd8\xff": Text("a picture", "一张图片"),
    b"version https://git-lfs": Text("a pointer of Git LFS, not the file itself", "Git LFS 的指针，而不是文件本身"),
    b"<<<<<<<": Text("a file with marks of an unfinished merge", "含有未完成合并标记的文件"),
}


class Doubled(dict[str, Any]):
    """An object of JSON in which a key stands twice: programs differ in which of the values they take."""


def bytes_of(path: Path) -> bytes:
    """The contents of a regular file that nobody else names, without following a link or waiting for a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        return file.read(min(status.st_size, MAX_FILE) + 1)  # as much memory is taken before anything is read


def parsed(data: bytes) -> Any:
    """The JSON of a notebook file without outputs.

    Raises:
        Refused: it is too large, of another kind, or no JSON.
    """
    if len(data) > MAX_FILE:
        raise refuse(Text(f"a notebook of at most {MAX_FILE} bytes", f"不超过 {MAX_FILE} 字节的笔记本"),
                     Text("a larger file", "更大的文件"), _AGAIN)  # fmt: skip
    _require_json(data)
    try:
        require_few_values(data, MAX_VALUES, NOTEBOOK)
        text = data.decode(json.detect_encoding(data), "surrogatepass")
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        found = Text(f"no UTF-8 text at byte {error.start}", f"第 {error.start} 字节处不是 UTF-8 文本")
        raise refuse(NOTEBOOK, found, _AGAIN) from error
    except (ValueError, RecursionError) as error:
        raise refuse(NOTEBOOK, invalid_json(error), _AGAIN) from error


def _require_json(data: bytes) -> None:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.strip(b"\0"):
        raise refuse(NOTEBOOK, Text("an empty file", "一个空文件"), _AGAIN)
    # The longest beginning that fits says most.
    for beginning in sorted(_OTHER_FILES, key=len, reverse=True):
        if start.startswith(beginning) and not start.startswith(b"<\0"):
            raise refuse(NOTEBOOK, _OTHER_FILES[beginning], _AGAIN)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {name: value for name, value in pairs if name not in _DROPPED}
    names = [name for name, _value in pairs]
    return found if len(set(names)) == len(names) else Doubled(found)


def _integer(digits: str) -> int | float:
    # What stands in outputs and metadata may be any number; it is not read, and long ones take long to convert.
    return int(digits) if len(digits) <= MAX_DIGITS else float("inf")
